import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { sourceNamer } from "../../../src/instrument/maps/source_name.ts";

test("sources are paths where they are files, else the URL", () => {
  const nameOf = sourceNamer("/app/out/a.js.map");
  for (const [source, root, name] of [
    ["../src/a.ts", "", "/app/src/a.ts"],
    ["../src/a%20b.ts", "", "/app/src/a b.ts"],
    ["../c#/a?.ts", "", "/app/c#/a?.ts"],
    ["100%.ts", "", "/app/out/100%.ts"],
    ["a.ts", "../src/", "/app/src/a.ts"],
    ["a.ts", "file:///abs", "/abs/a.ts"],
    ["file:///abs/a%20b.ts", "", "/abs/a b.ts"],
    ["file://other/abs/a.ts", "", "file://other/abs/a.ts"],
    ["webpack://app/./src/no_such_file.ts", "", "webpack://app/./src/no_such_file.ts"],
    ["https://example.com/a.ts", "", "https://example.com/a.ts"],
  ] as const) {
    assertEquals(nameOf(source, root), name);
  }
  assertEquals(sourceNamer("https://example.com/out/a.js")("../src/a.ts"), "https://example.com/src/a.ts");
});

test("webpack's names are files of the project around the map", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-names-"));
  try {
    for (const name of ["src", "dist"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "dist/package.json"), "{}");
    writeFileSync(join(folder, "src/a.ts"), "");
    const nameOf = sourceNamer(join(folder, "dist/main.js.map"));
    for (const source of [
      "webpack://app/./src/a.ts",
      "webpack:///./src/a.ts?1f2e",
      "webpack://@scope/app/./src/a.ts",
      "turbopack:///[project]/src/a.ts",
    ]) {
      assertEquals(nameOf(source), join(folder, "src/a.ts"), source);
    }
    assertEquals(
      nameOf('webpack://app/external node-commonjs "fs"'),
      'webpack://app/external node-commonjs "fs"',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
