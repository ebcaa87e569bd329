// Compiles mod.ts, src/ and plugin/ to dist/ with declarations, for Node (which strips no types in node_modules).
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace(
  /package\.json$/,
  "bin/tsc",
);
const { status } = spawnSync(process.execPath, [tsc, "-p", `${root}tsconfig.json`], {
  stdio: "inherit",
  cwd: root,
});
const main = `${root}dist/src/cli/main.js`;
if (existsSync(main)) chmodSync(main, 0o755);
process.exit(status ?? 1);
