import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { lengthMark, withoutPositions } from "../../scripts/bundle_transform.ts";
import { instrument } from "../../src/instrument/instrument.ts";

test("transforms of different sources differ in length: Deno's code cache tells them apart by nothing else", () => {
  const fingerprints = Array.from({ length: 4096 }, (_, i) => `${i.toString(16).padStart(3, "0")}f00`);
  assertEquals(new Set(fingerprints.map((each) => lengthMark(each).length)).size, 4096);
});

test("the transform that was built bears the mark of its sources", () => {
  const built = (name: string): string =>
    readFileSync(new URL(`../../dist/plugin/transform.${name}`, import.meta.url), "utf8");
  assert(built("cjs").endsWith(lengthMark(built("fingerprint"))));
});

const bundled = createRequire(import.meta.url)("../../dist/plugin/transform.cjs") as {
  instrument: typeof instrument;
};

test("the parser in it names the same positions of errors as Babel's own, which it keeps for no text that has none", () => {
  const texts = [
    "let x = 1;\n  let x = 2;",
    "const a = 1;\r\n\r\nb = { __proto__: 1, __proto__: 2 };",
    "`\n${1}`;\u2028 /* \n */ await = yield;",
    "function f() {\n  return `${\n",
    "class A {\n  #a;\n  get b(c) {}\n  m() { this.#b; }\n}",
    '"use strict";\nf(a, b, b => 1, (c, c) => 2);\nwith (a) b;',
  ];
  const errorOf = (transform: typeof instrument, text: string): unknown => {
    try {
      transform(text, { filename: "/a.js", sourceType: "module" });
      return null;
    } catch (error) {
      const { message, loc } = error as { message: string; loc: { line: number; column: number } };
      return { message, line: loc.line, column: loc.column };
    }
  };
  for (const text of texts) {
    const error = errorOf(instrument, text);
    assert(error !== null, text);
    assertEquals(errorOf(bundled.instrument, text), error, text);
  }
  const before = process.memoryUsage().arrayBuffers;
  bundled.instrument(`f();${" ".repeat(2 ** 21)}`, { filename: "/a.js" });
  const taken = process.memoryUsage().arrayBuffers - before;
  assert(taken < 2 ** 20, `${taken} bytes`);
});

test("another release of the parser is noticed", () => {
  assertThrows(() => withoutPositions("setLoc(loc) {}"), Error, "@babel/parser has changed");
});
