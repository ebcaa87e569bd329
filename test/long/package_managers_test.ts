// Package managers that lay packages out in their own ways: pnpm by links, Yarn's Plug'n'Play in zip files without a node_modules.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { installProject, type RegistryProject } from "./registry_project.ts";

const PACKAGES = ["pnpm@12.21.0", "@yarnpkg/cli-dist@4.18.1"];

/** Objects in the lists of a package's cache, of two lines: the program's and the package's. */
const APP = `import { LRUCache } from "lru-cache";
export const cache = globalThis.cache = new LRUCache({ max: 10_000 });
for (let i = 0; i < 2000; i++)
  cache.set("key " + i, { i });
`;
const COMMONJS = `const { LRUCache } = require("lru-cache");
const cache = globalThis.cache = new LRUCache({ max: 10_000 });
for (let i = 0; i < 2000; i++) cache.set("key " + i, { i });
`;

/** The project's own folder, below the one that holds the package managers. */
function layOut(project: RegistryProject): string {
  const tarball = readdirSync(project.folder).find((name) => name.endsWith(".tgz"))!;
  const dependencies = { tracemalloc: `file:../${tarball}`, "lru-cache": "11.5.3" };
  project.write("app/package.json", JSON.stringify({ private: true, type: "module", dependencies }));
  project.write("app/app.mjs", APP);
  project.write("app/app.cjs", COMMONJS);
  // What is below belongs to this project, whatever is above it.
  project.write("app/yarn.lock", "");
  project.write(
    "app/.yarnrc.yml",
    "nodeLinker: pnp\nenableTelemetry: false\nenableImmutableInstalls: false\n",
  );
  return join(project.folder, "app");
}

/** The line with 2000 objects is there, and the package's lists: their line stands in its TypeScript, by its source map. */
function assertLines(file: string, own: string): void {
  const lines = Snapshot.load(file)
    .statistics("lineno")
    .filter(({ count, size }) => count >= 1990 || size > 50_000)
    .map(({ traceback }) => traceback.at(0)!);
  const ownLines = lines.map(({ filename, lineno }) => `${filename.split("/").at(-1)}:${lineno}`);
  assert(ownLines.includes(own), `${ownLines}`);
  assert(
    lines.some(({ filename }) => /lru-cache.*\.ts$/.test(filename)),
    `${ownLines}`,
  );
}

test("pnpm: what it has linked is instrumented, by run and by the preload", (t) => {
  using project = installProject(t, PACKAGES, {});
  if (project === null) return;
  const cwd = layOut(project);
  const pnpm = (...words: string[]): void => {
    const { status, stdout, stderr } = project.start(
      "node",
      ["../node_modules/pnpm/bin/pnpm.mjs", ...words],
      cwd,
    );
    assertEquals(status, 0, `${stdout}${stderr}`);
  };
  pnpm("install", "--ignore-workspace");
  pnpm("exec", "tracemalloc", "run", "--exact", "-o", "run.pb.gz", "app.mjs");
  assertLines(join(cwd, "run.pb.gz"), "app.mjs:4");
  pnpm("exec", "tracemalloc", "run", "--exact", "-o", "old.pb.gz", "app.cjs");
  assertLines(join(cwd, "old.pb.gz"), "app.cjs:3");
});

test("Yarn's Plug'n'Play: packages in zip files are instrumented, by run and by the preload", (t) => {
  using project = installProject(t, PACKAGES, {});
  if (project === null) return;
  const cwd = layOut(project);
  const yarn = (words: string[], env: Record<string, string> = {}): void => {
    const all = ["../node_modules/@yarnpkg/cli-dist/bin/yarn.js", ...words];
    const { status, stdout, stderr } = project.start("node", all, cwd, {
      YARN_NPM_REGISTRY_SERVER: "https://registry.npmjs.org",
      ...env,
    });
    assertEquals(status, 0, `${stdout}${stderr}`);
  };
  yarn(["install"]);
  for (const [app, own] of [
    ["app.mjs", "app.mjs:4"],
    ["app.cjs", "app.cjs:3"],
  ] as const) {
    yarn(["tracemalloc", "run", "--exact", "-o", "run.pb.gz", app]);
    assertLines(join(cwd, "run.pb.gz"), own);
    const env = { TRACEMALLOC: "1", TRACEMALLOC_SAMPLING: "exact", TRACEMALLOC_OUT: "preload.pb.gz" };
    yarn(["node", "--import", "tracemalloc/register", app], env);
    assertLines(join(cwd, "preload.pb.gz"), own);
  }
});
