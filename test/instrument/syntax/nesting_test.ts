import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { instrument } from "../../../src/instrument/instrument.ts";
import { instrumented, type TestModule } from "../../instrumented.ts";

const NESTS: Readonly<Record<string, (n: number) => string>> = {
  chain: (n) => `const o = { f() { return this; } }; export const run = () => o${".f([1])".repeat(n)} === o;`,
  maps: (n) => `export const run = () => ${"[1].map((x) => ".repeat(n)}[1]${")".repeat(n)}.length === 1;`,
  chainedMaps: (n) => `export const run = () => [1]${".map((x) => [x])".repeat(n)}.length === 1;`,
  functions: (n) =>
    `export const run = () => ${"(function (x) { return [".repeat(n)}1${"].length; })([2])".repeat(n)} === 1;`,
  arrows: (n) =>
    `const id = (f) => f(); export const run = () => ${"id(() => [".repeat(n)}1${"])".repeat(n)}.length === 1;`,
  arrays: (n) => `export const run = () => ${"[".repeat(n)}${"]".repeat(n)}.length === 1;`,
  calls: (n) =>
    `const f = (x) => [x]; export const run = () => ${"f(".repeat(n)}1${")".repeat(n)}.length === 1;`,
  blocks: (n) =>
    `export const run = () => { ${"{ let k = [1]; if (k.length) ".repeat(n)} return true; ${"}".repeat(n)} };`,
};

/** Babel's parser takes most of the stack for each function in a function, until the engine has compiled it. */
const MAY_BE_REFUSED = "functions";

for (const [name, nest] of Object.entries(NESTS)) {
  const levels = name.startsWith("chain") ? 300 : 200;
  test(`${name}, ${levels} deep, run as they did`, async () => {
    let module: TestModule;
    try {
      module = await instrumented(nest(levels));
    } catch (error) {
      const { message, loc } = error as { message: string; loc: object };
      if (name !== MAY_BE_REFUSED || message !== "nested too deeply to be instrumented") throw error;
      assertEquals(Object.keys(loc), ["line", "column"]);
      return;
    }
    const { run } = module;
    start({ nframe: 25 });
    try {
      assertEquals(run(), true);
    } finally {
      stop();
    }
  });
}

test("what is nested too deeply is refused, with its place", () => {
  for (const [open, close] of ["[]", "()", "{}"].map((pair) => [...pair] as [string, string])) {
    const inside = open === "{" ? "" : open === "(" ? "1" : "";
    const prefix = open === "{" ? "" : "const x = ";
    const text = `let before;\n${prefix}${open.repeat(100_000)}${inside}${close.repeat(100_000)}`;
    const error = assertThrows(
      () => instrument(text, { filename: "/app/a.js" }),
      SyntaxError,
    ) as SyntaxError & {
      loc: { line: number; column: number };
    };
    assertEquals(error.message, "nested too deeply to be instrumented");
    assertEquals(error.loc.line, 2);
    assert(error.loc.column > 90_000, `${error.loc.column}`);
  }
});

test("source and defer phases of imports are parsed", () => {
  for (const filename of ["/app/a.js", "/app/a.ts", "/app/a.tsx", "/app/a.jsx"]) {
    for (const text of [
      'import source x from "./x.wasm"; export const a = [x];',
      'import defer * as x from "./x.js"; export const a = [x.y];',
      'export const a = [await import.source("./x.wasm")];',
      'export const a = [await import.defer("./x.js")];',
      'import source from "x"; import defer from "y"; export const a = [source, defer];',
    ]) {
      const { code, sites } = instrument(text, { filename, sourceType: "module" });
      assert(sites.length > 1, text);
      assert(code.includes(/import[^"]*\("?|import [^"]*/.exec(text)![0]), code);
    }
  }
});
