import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals } from "@std/assert";
import { instrument, type SourceType } from "../../../src/instrument/instrument.ts";

/** Modules whose names an importer sees only if it finds them in the text, as the lexers of Node and Deno do. */
const MODULES: Readonly<Record<string, string>> = {
  "properties.cjs": "exports.a = [1];\nexports['b c'] = () => exports.a; module.exports.d = class {};",
  "literal.cjs": "const a = {}, b = () => [a];\nmodule.exports = { a, b, c: b, get e() { return [4] } };",
  // Node's lexer stops at the first value that starts with no name.
  "array.cjs": "module.exports = { a: [1], b: module };",
  "stops.cjs": "const a = {};\nmodule.exports = { a, b: a, c: { d: [1] }, e: a };",
  "quoted.cjs": "module.exports = { 'a': {}, b: module };",
  "regexp.cjs": "module.exports = { a: /x/, b: module };",
  "template.cjs": "module.exports = { a: `${module}`, b: module };",
  "number.cjs": "module.exports = { a: 1 + `${module}`, b: module };",
  "called.cjs": "module.exports = { a: [1].map((x) => [x]), b: module };",
  "bracketed.cjs": "module.exports = { a: (() => [1])(), b: module };",
  "words.cjs":
    "module.exports = { a: new Map(), b: function () { return []; }, c: class {}, d: async () => [] };",
  "keywords.cjs": "module.exports = { get: [1], async: {} };",
  "both.cjs": "exports.a = 1; exports = module.exports = { b: [2] };",
  "getters.cjs":
    "Object.defineProperty(exports, '__esModule', { value: true });\n" +
    "var o = { p: [1] }; Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return o.p; } });",
  "again.cjs": "module.exports = require('./literal.cjs'); new Map();",
  "overwritten.cjs": "exports.a = [1];\nmodule.exports = require('./properties.cjs');",
  "returned.cjs": "exports.a = [1];\nif (exports.a) return;\nexports.b = [2];",
  "directive.cjs": "'use strict'\nexports.a = (() => this)();",
};

async function namesIn(folder: string): Promise<Record<string, string[]>> {
  const names: Record<string, string[]> = {};
  for (const file of Object.keys(MODULES)) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as object;
    names[file] = Object.keys(module).sort();
  }
  return names;
}

for (const sourceType of ["commonjs", "unambiguous"] satisfies SourceType[]) {
  test(`a CommonJS module keeps the names that importers see: ${sourceType}`, async () => {
    const root = mkdtempSync(join(tmpdir(), "names-"));
    try {
      for (const folder of ["untouched", "instrumented"]) {
        mkdirSync(join(root, folder));
        for (const [file, source] of Object.entries(MODULES)) {
          const text =
            folder === "untouched" ? source : instrument(source, { filename: file, sourceType }).code;
          writeFileSync(join(root, folder, file), text);
        }
      }
      assertEquals(await namesIn(join(root, "instrumented")), await namesIn(join(root, "untouched")));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
}
