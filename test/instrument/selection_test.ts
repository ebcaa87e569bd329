import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertEquals } from "@std/assert";
import { createSelection, splitGlobs } from "../../src/instrument/selection.ts";

const selectedBy = (include: string[], exclude: string[], names: string[]): string[] =>
  names.filter(createSelection({ include, exclude, cwd: "/app" }));

test("everything that is source text is selected when nothing is asked for", () => {
  const names = [
    "/app/a.ts",
    "/app/node_modules/dep/bin",
    "/other/b.cjs",
    "https://host/c.js?v=1",
    "/app/data.json.js",
  ];
  assertEquals(selectedBy([], [], names), names);
  assertEquals(
    selectedBy(
      [],
      [],
      ["/app/a.json", "/app/a.wasm", "/app/a.node", "node:fs", "bun:jsc", "data:text/javascript,1"],
    ),
    [],
  );
});

test("globs match the relative and the absolute path, hidden folders too", () => {
  const names = [
    "/app/src/a.ts",
    "/app/src/.hidden/b.ts",
    "/app/lib/c.js",
    "/app/c.js",
    "/shared/d.js",
    "/app/src(1)/[x].js",
  ];
  assertEquals(selectedBy(["src/**"], [], names), ["/app/src/a.ts", "/app/src/.hidden/b.ts"]);
  assertEquals(selectedBy(["./src/*.ts"], [], names), ["/app/src/a.ts"]);
  assertEquals(selectedBy(["src/"], ["**/.hidden"], names), ["/app/src/a.ts"]);
  assertEquals(selectedBy(["*.js"], [], names), ["/app/c.js"]);
  assertEquals(selectedBy(["../shared/**"], [], names), ["/shared/d.js"]);
  assertEquals(selectedBy(["/app/lib/**", "**/d.js"], [], names), ["/app/lib/c.js", "/shared/d.js"]);
  assertEquals(selectedBy(["**/*.js"], ["**/*.js"], names), []);
});

test("the package's own files are never selected, its tests are", () => {
  const own = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const names = [
    "mod.ts",
    "src/host/capabilities.ts",
    "plugin/preload/setup.ts",
    "dist/mod.js",
    "test/x.ts",
  ].map(own);
  assertEquals(names.filter(createSelection()), [own("test/x.ts")]);
});

test("lists are split at commas and lines, but not inside braces", () => {
  assertEquals(splitGlobs("a/**, b/*.{js,ts}\nc\r\n,,"), ["a/**", "b/*.{js,ts}", "c"]);
  assertEquals(splitGlobs(""), []);
  assertEquals(splitGlobs("a{b\nc,d"), ["a{b", "c", "d"]);
});
