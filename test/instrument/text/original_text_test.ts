import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { type InstrumentOptions, instrument } from "../../../src/instrument/instrument.ts";
import type { Node } from "../../../src/instrument/syntax/ast.ts";
import { parse } from "../../../src/instrument/syntax/parse.ts";
import { originalText } from "../../../src/instrument/text/original_text.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

type SourceType = NonNullable<InstrumentOptions["sourceType"]>;

/** The texts of all functions and classes of a program, in the order of the text. */
function definitions(code: string, filename: string, sourceType: SourceType): string[] {
  const found: Node[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === "object" && value !== null && typeof (value as Node).type === "string") {
      const node = value as Node;
      if (/Function|^Class(?:Declaration|Expression)|Method$/.test(node.type) && !node.type.startsWith("TS"))
        found.push(node);
      for (const [key, child] of Object.entries(node))
        if (key !== "loc" && !/[cC]omments/.test(key)) walk(child);
    }
  };
  walk(parse(code, filename, sourceType).program);
  found.sort((a, b) => a.start! - b.start! || b.end! - a.end!);
  return found.map(({ start, end }) => code.slice(start!, end!));
}

/** Asserts that the whole program, and each definition in it, comes back. Gives the number of definitions. */
function comesBack(code: string, filename: string, sourceType: SourceType = "unambiguous"): number {
  const instrumented = instrument(code, { filename, sourceType }).code;
  assertEquals(originalText(instrumented), code, filename);
  const wanted = definitions(code, filename, sourceType);
  const { code: text } = { code: instrumented };
  const header = /function \$i\$[a-z0-9_]*\(\)\{var k=.*?return t\}/.exec(text)?.[0];
  const own = header === undefined ? 0 : definitions(header, "/header.js", "script").length;
  const found = definitions(text, filename, sourceType);
  const at = header === undefined ? 0 : found.indexOf(header);
  found.splice(at, own);
  assertEquals(found.length, wanted.length, filename);
  for (const [i, definition] of found.entries()) assertEquals(originalText(definition), wanted[i], filename);
  return wanted.length;
}

/** Source files below a folder. */
function sources(folder: string, most: number): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.d|\.min)\.[cm]?[jt]sx?$/.test(name),
  );
  return names
    .sort()
    .slice(0, most)
    .map((name) => join(root, folder, name));
}

test("our own sources come back, and each of their functions", () => {
  let functions = 0;
  for (const path of [
    ...sources("src/instrument", 20),
    ...sources("src/traces", 10),
    ...sources("test/paths", 10),
  ]) {
    functions += comesBack(readFileSync(path, "utf8"), path);
  }
  assert(functions > 150, String(functions));
});

for (const name of ["acorn/dist", "marked/bin", "fastify/lib", "magic-string/dist", "picomatch/lib"]) {
  test(`${name} comes back, and each of its functions`, () => {
    for (const path of sources(`node_modules/${name}`, 3)) comesBack(readFileSync(path, "utf8"), path);
  });
}

const FORMS = [
  `a\n;[].map(x => ({ x })); let y = () => {}\n[1].map(y)`,
  `"use strict"\nfunction f() { "use strict"; "other"\n return [f()] }`,
  `function* g() { const x = yield; yield; yield/re/; yield* g(); yield [1]\n[2].map(g) }`,
  `async function* h() { for await (const [a, ...b] of h()) { if (a) continue; await b } label: for await (x of y()) break label; return {} }`,
  `const o = { async *m() { yield }, get x() { return o.x }, set x(v) { o.x = g(v) }, ["a" + b()]: class { static { f() } #p = () => f(); q = [] \n ; r = () => 1 } }`,
  `new (class extends f() { constructor(...rest) { super(...rest); } })(); new function () { f() }; new (f().g)`,
  `try { f() } catch ({ a = () => {} }) { g() } finally { h() }`,
  `switch (f()) { case[1].length: case /re/.x: function inner() { return inner() } default: g\`\${f()}\` }`,
  `const a = (b, { c = f(), ...d } = {}, ...e) => f(b, d, e), z = async x => await f(await x), i = async () => { await 0 }`,
  `export default () => f(); export const s = ";/* $ */" + f() + \`}finally{\${f()}\`; export { f }; function f() {} export class A { static x = f() }`,
  `if (f()) g(); else for (const x of f()) { h(x) ; } for (const y of z) h(); do f(); while (g()); for (let i = f(); i < g(); i++) { h(i) }`,
  `f?.(g(), [h()])?.x(function () { return f?.(1) }); a?.b.c(f()); delete f().x; typeof f(); void f`,
  `a ||= () => {}; b = class {}; c ??= function () {}; d += "x"; ({ e = () => {} } = {}); [g = class { x = f() }] = []`,
  `var $t$ = 1, $s$_ = () => [$t$, f()]; f($s$_)`,
  `a.map(x => x.filter(f, [f()],)).b?.flatMap(f).c; a?.map(f); text.replace(/a/, () => text.replaceAll("a", f)); this.text.replace(a, f)`,
  `function* g() { it.toArray(); f().toArray(); this.it.toArray(); a[0].toArray(); (yield).toArray(); Array.from(yield, yield) } new Map(f()); new new Set(a)(b); for (a.map(f).x of b);`,
  `const s = structuredClone(f), { x = JSON.parse(a, b) } = JSON.stringify(a, null, 2), p = \u0061bc.replace(a, b); export function late(q = q.map(f)) { return q.map(f) } class A { x = list.map(f); static { list.map(f) } }`,
  `var { x, ...y } = f(), [z, ...w] = g(); let q = x => y => z => [x, y, z]; with_(q)`,
  `const text = "\\$t$.o(5,"; const nested = \`\${(() => { return { a: [() => f()] } })()}\``,
];

test("every form comes back", () => {
  for (const form of FORMS) for (const file of ["/a.mjs", "/a.ts"]) comesBack(form, file);
  comesBack(
    `import a from "a"; function f() { return a.map(f) } export { f }; const g = (b = a.map(f)) => a.replace(b, f)`,
    "/a.mjs",
  );
  comesBack(`if (f()) return g(); return\n`, "/a.cjs", "commonjs");
  comesBack(`exports.a = () => f(); exports["b c"] = class {}; module.exports.d = f()`, "/a.cjs", "commonjs");
  comesBack(
    `const a = <A b={f()} {...c}>text {x => f()} <B/>["x"] <></></A>; function F() { return <a>{[1].map(() => <b/>)}</a> }`,
    "/a.jsx",
    "module",
  );
  comesBack(
    `var a = () => {}; function f() { return f() } a = f(); if (a) { function b() {} }`,
    "/a.js",
    "script",
  );
  comesBack(
    `class A<T> { constructor(private x: number = f(), readonly y?: T) { g() } m(this: A<T>): asserts x is T { return <any>f()! } }`,
    "/a.ts",
    "module",
  );
});

test("text that was never instrumented stays as it is", () => {
  for (const text of [
    "",
    "function f() { return $t$ }",
    "const $d$ = 1; $t$.x(1,2)",
    "$",
    "function () { [native code] }",
    "a $t$ b $s$[0]",
  ]) {
    assertEquals(originalText(text), text);
  }
});
