// Compiles mod.ts, src/ and plugin/ to dist/ with declarations, for Node (which strips no types in node_modules), and
// bundles the code of the pages, the live one and that of `tracemalloc report`, what Node loads, and the transform.
// Before that it makes the one file of src/ that is made of others.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleClient } from "./bundle_client.ts";
import { bundleTransform } from "./bundle_transform.ts";
import { writePatterns } from "./derive_patterns.ts";
import { dropComments } from "./drop_comments.ts";
import { dropEmptyFolders } from "./drop_empty_folders.ts";
import { dropInnerTypes } from "./drop_inner_types.ts";
import { joinModules } from "./join_modules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
writePatterns();
const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace(
  /package\.json$/,
  "bin/tsc",
);
const { status } = spawnSync(process.execPath, [tsc, "-p", `${root}tsconfig.json`], {
  stdio: "inherit",
  cwd: root,
});
await joinModules(root);
bundleClient({
  entry: `${root}plugin/http/client/main.ts`,
  outfile: `${root}dist/plugin/http/client/live.js`,
});
await bundleTransform(root);
dropInnerTypes(root);
dropComments(root);
dropEmptyFolders(`${root}dist`);

const client = `${root}src/report/html/client`;
const built = `${root}dist/src/report/html`;
// Every copy of uPlot, and so every report, must carry its licence.
const licence = readFileSync(`${root}node_modules/uplot/LICENSE`, "utf8").trim();
const banner = `/* uPlot\n${licence.replaceAll("*/", "* /")} */`;
bundleClient({ entry: `${client}/main.ts`, outfile: `${built}/page_script.js`, format: "iife", banner });
bundleClient({ entry: `${client}/style.css`, outfile: `${built}/page_style.css`, banner });

const main = `${root}dist/src/cli/main.js`;
if (existsSync(main)) chmodSync(main, 0o755);

// The examples have package.json files of their own: for them this repository is a package that is installed.
const installed = `${root}examples/node_modules/tracemalloc`;
mkdirSync(`${root}examples/node_modules`, { recursive: true });
rmSync(installed, { force: true });
// A junction needs no rights on Windows; elsewhere the word is ignored. Its target must be absolute.
symlinkSync(root, installed, "junction");
process.exit(status ?? 1);
