// What the transform knows of scopes against what `@babel/traverse` finds out, with real programs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { compareScopes } from "../instrument/syntax/compare_scopes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Not `recursive: true`: Bun follows links there, and examples/ has one back to the root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesUnder(path);
    return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !/\.d\.[cm]?ts$/.test(path) ? [path] : [];
  });
}

/** Without fixtures: some do not parse. */
const OWN = [
  "src",
  "plugin",
  "bench",
  "scripts",
  "test/instrument",
  "test/plugin",
  "test/hosts",
  "test/track",
];
const PACKAGES = [
  ...["acorn/dist", "lodash", "marked/lib", "postcss/lib", "express/lib", "terser/dist", "hono/dist"],
  ...[
    "react-dom/cjs",
    "prettier/plugins",
    "rollup/dist/es",
    "uplot/dist",
    "fast-check/lib",
    "vite/dist/node",
  ],
  ...["webpack/lib", "speedscope/dist", "@babel/core/lib", "@babel/traverse/lib", "typescript-js/lib"],
];

for (const folder of [...OWN, ...PACKAGES.map((name) => `node_modules/${name}`)]) {
  test(`scopes, captured variables and free names of ${folder} are those that Babel finds`, () => {
    const files = filesUnder(folder).filter((path) => !path.includes("/fixtures/"));
    for (const path of files) {
      const code = readFileSync(join(root, path), "utf8");
      // Babel's tree and paths take a quarter of a gigabyte for each megabyte: the smaller of TypeScript's two compilers does.
      if (code.length > 8e6) continue;
      const { ours, theirs } = compareScopes(code, path, path.endsWith(".ts") ? "module" : "unambiguous");
      for (const key of ["free", "bound", "scopes"] as const)
        assertEquals(
          ours[key].join("\n") === theirs[key].join("\n"),
          true,
          `${path}: ${key} ${difference(ours[key], theirs[key])}`,
        );
    }
    assert(files.length > 0, folder);
  });
}

function difference(ours: readonly string[], theirs: readonly string[]): string {
  const known = [new Set(ours), new Set(theirs)] as const;
  return JSON.stringify({
    ours: ours.filter((line) => !known[1].has(line)).slice(0, 10),
    theirs: theirs.filter((line) => !known[0].has(line)).slice(0, 10),
  });
}
