import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { Edits } from "../../../src/instrument/text/edits.ts";
import { originalText } from "../../../src/instrument/text/original_text.ts";

test("the text made by slices is that of magic-string", () => {
  const source = "g(x => f(x)); case1";
  const edits = new Edits(source, "/**/");
  edits.start(0, "A(");
  edits.start(2, "B(");
  edits.start(7, "C(");
  edits.end(11, ")c");
  edits.end(11, ")b");
  edits.end(12, ")a");
  edits.start(18, "word");
  edits.end(source.length, "!");
  assertEquals(edits.text(), "A(g(B(x => C(f(x))c)b))a; case/**/word1!");
  assertEquals(edits.text(), edits.apply().toString());
});

test("with a map or without, the code is the same", () => {
  const sources = [
    `"use strict"; const a = [1, ...b]; export const f = async (x) => { await g(x, [2]); };`,
    `label: for (const x of y) { z(x => ({ x })); } export class A { #p = new Map(); get q() { return this.#p; } }`,
  ];
  for (const source of sources) {
    const plain = instrument(source, { filename: "/a.mjs" });
    const mapped = instrument(source, { filename: "/a.mjs", sourceMap: true });
    assert(plain.code !== source && mapped.map !== null);
    assertEquals(plain.code, mapped.code);
  }
});

test("a function that is called at once stays behind a bracket, so that engines compile it at once", () => {
  for (const source of [
    "(function () { g(); })();",
    "((x) => { g(x); })(1);",
    "(function () { g(); }).call(this);",
  ]) {
    const { code } = instrument(source, { filename: "/a.cjs", sourceType: "commonjs" });
    assert(/\.o\(\d+,\(\/\*\$t\$\*\/(?:function|\(x\))/.test(code), code);
    assertEquals(originalText(code), source);
  }
});
