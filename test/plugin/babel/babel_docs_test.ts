import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";

test("docs/babel.md's pattern for Jest lets this package through and no other, under npm and pnpm", () => {
  const page = readFileSync(new URL("../../../docs/babel.md", import.meta.url), "utf8");
  const [, patterns] = /`(\["\/node_modules\/[^`]*)`/.exec(page) ?? [];
  assert(patterns !== undefined, "the page has the pattern");
  const ignored = (path: string): boolean =>
    (JSON.parse(patterns) as string[]).some((pattern) => new RegExp(pattern).test(path));
  const store = "/app/node_modules/.pnpm/";
  const paths: [string, boolean][] = [
    ["/app/src/cart.ts", false],
    ["/app/node_modules/tracemalloc/dist/mod.js", false],
    [`${store}tracemalloc@0.1.0_@babel+core@8.1.0/node_modules/tracemalloc/dist/mod.js`, false],
    ["/app/node_modules/lodash/map.js", true],
    [`${store}lodash@4.17.21/node_modules/lodash/map.js`, true],
    [`${store}tracemalloc@0.1.0/node_modules/picomatch/index.js`, true],
  ];
  assertEquals(
    paths.map(([path]) => [path, ignored(path)]),
    paths,
  );
});
