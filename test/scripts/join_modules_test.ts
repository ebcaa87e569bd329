import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { buildOnce } from "../hosts/host.ts";

buildOnce();
const dist = new URL("../../dist/", import.meta.url);
const compiled = (path: string): string => readFileSync(new URL(path, dist), "utf8");
const nodeFiles = readdirSync(new URL("node/", dist)).filter((name) => name.endsWith(".js"));

test("a module is in one of the files that Node loads: its state is there once", () => {
  // What one module says: of the tracker, of the preload, and of snapshots.
  for (const [text, name] of [
    ["no instrumented code has been loaded, so", "tracing.js"],
    ["child processes are not traced", "preload.js"],
    ["inuse_space", "snapshot.js"],
  ])
    assertEquals(
      nodeFiles.filter((file) => compiled(`node/${file}`).includes(text!)),
      [name],
    );
});

test("what `tracemalloc` is on Node imports no built-in module", () => {
  for (const name of ["mod.js", "tracing.js", "snapshot.js"])
    assertEquals(/\bfrom ?["'`]node:|\bimport ?["'`]node:/.test(compiled(`node/${name}`)), false, name);
});
