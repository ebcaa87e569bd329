import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";

const code = (source: string, tracker: string | null = null): string =>
  instrument(`const a = [f()];\n${source}`, { filename: "/app/a.js", tracker }).code;

for (const source of [
  `import.meta.hot.accept(["./a.js"], [g].at)`,
  `import.meta.webpackHot.accept(["./a.js"], [g].at)`,
  `module.hot.accept(["./a.js"], [g].at)`,
  `jest.mock("./a.js", () => ({ a: [1] })).unmock("./b.js")`,
  `vi.mock(import("./a.js"), () => ({ a: [1] }))`,
  `vi.hoisted(() => [1])`,
]) {
  test(`${source} keeps its text`, () => assertStringIncludes(code(source), source));
}

test("other calls of these names are recorded", () => {
  for (const source of ["jest.spyOn([1])", "vi.fn([1])", "mock([1])", "toString.mock([1])"]) {
    assertEquals(code(source).includes(source), false, source);
  }
});

test("the tracker is loaded as the file loads other modules, before anything else and after directives", () => {
  const first = (source: string): string =>
    instrument(source, { filename: "/app/a.js", tracker: "t" }).code.split("var $")[0]!;
  assertEquals(first(`export const a = [1];`), `import"t";`);
  assertEquals(/^"use client";[^"]*import"t";$/.test(first(`"use client"; import "b"; f([1]);`)), true);
  assertEquals(first(`module.exports = [1];`), `require("t");`);
  assertEquals(first(`const b = require("b"); f([b]);`), `require("t");`);
  assertEquals(first(`f([1]);`), "");
});
