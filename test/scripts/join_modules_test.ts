import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
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

/** Of files in `dist/node/`, with what they import. */
function textsOf(names: readonly string[], seen: Set<string> = new Set()): string[] {
  const texts: string[] = [];
  for (const name of names.filter((each) => !seen.has(each))) {
    seen.add(name);
    const text = compiled(`node/${name}`);
    const imported = [...text.matchAll(/\b(?:from|import) ?["'`]\.\/([\w.]+)["'`]/g)].map(
      ([, file]) => file!,
    );
    texts.push(text, ...textsOf(imported, seen));
  }
  return texts;
}

test("what `tracemalloc` is on Node imports no built-in module, and CommonJS can be made of it, as by Jest", () => {
  const texts = textsOf(["mod.js", "tracker.js", "labels.js", "testing.js"]);
  assert(texts.length >= 8);
  for (const text of texts) {
    assertEquals(/\b(?:from|import) ?["'`]node:/.exec(text), null);
  }
  for (const text of [...texts, ...textsOf(["testing_jest.js"])])
    assertEquals(/import\.meta/.exec(text), null);
  // Transforms may leave it as it is, and Jest refuses it in CommonJS.
  for (const name of ["testing_jest.js", "record_file.js"])
    assertEquals(/\bimport\(/.exec(compiled(`node/${name}`)), null);
});
