import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument } from "../../src/instrument/instrument.ts";
import { decodePayload } from "../../src/sites/payload.ts";
import { Kind } from "../../src/vocabulary/kinds.ts";

const KIND_NAMES = new Map(Object.entries(Kind).map(([name, number]) => [number as number, name]));

/** The sites as `kind line:column function`, as the code itself carries them; `which` keeps some kinds only. */
function sitesOf(source: string, filename: string, which: "allocations" | "all" = "allocations"): string[] {
  const { code, sites } = instrument(source, { filename });
  const literal = /\.register\(("(?:[^"\\]|\\.)*")\)/.exec(code);
  if (literal === null) return [];
  const payload = decodePayload(JSON.parse(literal[1]!) as string);
  assertEquals(payload.line.length, sites.length);
  const lines: string[] = [];
  for (const [i, { kind, line, column, functionIndex }] of sites.entries()) {
    assertEquals([payload.kind[i], payload.line[i], payload.column[i]], [kind, line, column]);
    if (which === "allocations" && (kind === Kind.call || kind === Kind.entry)) continue;
    lines.push(`${KIND_NAMES.get(kind)} ${line}:${column} ${payload.functions[2 * functionIndex]}`);
  }
  return lines.sort();
}

const ALLOCATIONS: readonly [name: string, file: string, source: string, sites: string[]][] = [
  ["an object", "a.js", "let o =\n  { a: 1 };", ["object 2:3 <module>"]],
  [
    "an object that copies",
    "a.js",
    "let o = { ...p }, q = { [k]: 1 };",
    ["objectCopy 1:23 <module>", "objectCopy 1:9 <module>"],
  ],
  ["arrays", "a.js", "x = [1];\n y = [...x];", ["array 1:5 <module>", "arrayCopy 2:6 <module>"]],
  ["new", "a.js", "new Map;\nnew a.B(1);", ["construct 1:1 <module>", "construct 2:1 <module>"]],
  [
    "constructors called",
    "a.js",
    "x = Array(3);\ny = Error('e')",
    ["construct 1:5 <module>", "construct 2:5 <module>"],
  ],
  [
    "function expressions",
    "a.js",
    "f(function () {}, () => 1);",
    ["closure 1:19 <module>", "closure 1:3 <module>"],
  ],
  [
    "declared functions",
    "a.js",
    "1;\nfunction f() {\n  { function g() {} }\n}",
    ["closure 2:1 <module>", "closure 3:5 f"],
  ],
  [
    "functions that a variable names",
    "a.js",
    "const f = () => 1;\nlet g = function () {};",
    ["closure 1:11 <module>", "closure 2:9 <module>"],
  ],
  [
    "functions that an assignment names",
    "a.js",
    "f = () => 1;\ng ??= function () {};",
    ["closure 1:5 <module>", "closure 2:7 <module>"],
  ],
  ["functions that a default names", "a.js", "const { a = () => 1 } = o;", ["closure 1:13 <module>"]],
  [
    "methods of an object",
    "a.js",
    "o = { m() {}, f: () => 1 };",
    ["closure 1:15 <module>", "closure 1:7 <module>", "object 1:5 <module>"],
  ],
  [
    "classes",
    "a.js",
    "class A {}\nconst B = class {};\nf(class {});",
    ["class 1:1 <module>", "class 2:11 <module>", "class 3:3 <module>"],
  ],
  [
    "fields",
    "a.js",
    "class A {\n  f = () => 1;\n  static o = {};\n}",
    ["class 1:1 <module>", "closure 2:7 <module>", "object 3:14 <module>"],
  ],
  ["regular expressions", "a.js", "x = /r/g;", ["regexp 1:5 <module>"]],
  [
    "strings",
    "a.js",
    "x = `a${b}`;\ny = 'a' + b + c;\nz += 'd';\n`e`;",
    ["string 1:5 <module>", "string 2:5 <module>", "string 3:1 <module>"],
  ],
  [
    "rest in parameters",
    "a.js",
    "function f(...r) {}\nconst g = ({ a, ...s }) => a;",
    ["arrayCopy 1:12 f", "closure 1:1 <module>", "closure 2:11 <module>", "objectCopy 2:17 g"],
  ],
  [
    "rest in patterns",
    "a.js",
    "const [a, ...r] = x, { b, ...s } = y;",
    ["arrayCopy 1:11 <module>", "objectCopy 1:27 <module>"],
  ],
  [
    "JSX",
    "a.jsx",
    "x = <a b={[1]}>\n  <c/>\n  <></>\n</a>;",
    ["array 1:11 <module>", "jsx 1:5 <module>", "jsx 2:3 <module>", "jsx 3:3 <module>"],
  ],
  [
    "TypeScript",
    "a.ts",
    "const x = <T[]>[1] as const;\nnew Map<string, number>()!;",
    ["array 1:16 <module>", "construct 2:1 <module>"],
  ],
  [
    "TypeScript's own members",
    "a.ts",
    "class A {\n  x: object = {};\n  declare y: object;\n  constructor(private z: object = []) {}\n}",
    ["array 4:35 A.constructor", "class 1:1 <module>", "object 2:15 <module>"],
  ],
  [
    "TSX",
    "a.tsx",
    "const f = <T,>(x: T): object => <b>{[x]}</b>;",
    ["array 1:37 f", "closure 1:11 <module>", "jsx 1:33 f"],
  ],
  [
    "a module",
    "a.mjs",
    "import 'x';\nexport const a = [1];\nexport default {};",
    ["array 2:18 <module>", "object 3:16 <module>"],
  ],
  [
    "CommonJS",
    "a.cjs",
    "exports.a = [1];\nmodule.exports = { a: {} };",
    ["array 1:13 <module>", "object 2:18 <module>", "object 2:23 <module>"],
  ],
];

for (const [name, file, source, expected] of ALLOCATIONS) {
  test(`sites of ${name}`, () => {
    assertEquals(sitesOf(source, file), expected.sort());
  });
}

test("the kinds that the cases above show are all the kinds there are", () => {
  const shown = new Set(ALLOCATIONS.flatMap(([, , , sites]) => sites.map((site) => site.split(" ", 1)[0])));
  assertEquals(
    [...shown].sort(),
    [...KIND_NAMES.values()].filter((kind) => kind !== "call" && kind !== "entry").sort(),
  );
});

test("functions bear the names that engines give them", () => {
  const source = `
function f() { [1]; }
class C { m() { [2]; } static s() { [3]; } #p() { [4]; } get g() { [5]; } [k]() { [6]; } h = () => [7]; constructor() { [8]; } }
const o = { m() { [9]; }, 'q r'() { [10]; }, [k]() { [11]; }, a: () => [12], get g() { return [13] } };
exports.x = function () { [14]; };
module.exports = function () { [15]; };
A.prototype.y = () => [16];
call(() => [17]);
const D = class { m() { [18]; } };
(class { m() { [19]; } });
const { e = () => [20] } = o;
[21];
z = async () => [22];
function* gen() { [23]; }`;
  const position = (site: string): number[] => /(\d+):(\d+)/.exec(site)!.slice(1).map(Number);
  const arrays = sitesOf(source, "a.js").filter((site) => site.startsWith("array "));
  arrays.sort((a, b) => position(a)[0]! - position(b)[0]! || position(a)[1]! - position(b)[1]!);
  assertEquals(
    arrays.map((site) => site.replace(/^\w+ \S+ /, "")),
    [
      "f",
      "C.m",
      "C.s",
      "C.#p",
      "C.g",
      "C.<computed>",
      "C.h",
      "C.constructor",
      "m",
      "q r",
      "<anonymous>",
      "a",
      "g",
      "x",
      "exports",
      "y",
      "<anonymous>",
      "D.m",
      "m",
      "e",
      "<module>",
      "z",
      "gen",
    ],
  );
});

test("calls are sites where a frame can store them, at the place that engines name", () => {
  assertEquals(sitesOf("function f() {\n  g();\n  a.b.c(1);\n  new X();\n  t`x`;\n}", "a.js", "all"), [
    "call 2:3 f",
    "call 3:7 f",
    "call 5:3 f",
    "closure 1:1 <module>",
    "construct 4:3 f",
    "entry 1:1 <module>",
  ]);
});
