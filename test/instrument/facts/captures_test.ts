// Which closure is charged with which contexts. What V8 makes of the same code: bench/accuracy, docs/sizes.md.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import {
  closureCount,
  contextCount,
  contextSlots,
  functionUses,
  GETS_PROPERTIES,
  IS_CONSTRUCTED,
  SHOWS_PROTOTYPE,
} from "../../../src/sites/closure_parameter.ts";
import { Kind } from "../../../src/vocabulary/kinds.ts";

/** `line:contexts/slots` of the closures and classes that are charged with contexts. */
function charged(source: string, sourceType: "module" | "commonjs" | "script" = "module"): string {
  const { sites } = instrument(source, { filename: "/app/a.js", sourceType });
  return sites
    .filter(
      ({ kind, parameter }) => (kind === Kind.closure || kind === Kind.class) && contextCount(parameter) > 0,
    )
    .map(({ line, parameter }) => `${line}:${contextCount(parameter)}/${contextSlots(parameter)}`)
    .join(" ");
}

test("a function's captured variables are charged to the first closure in it", () => {
  assertEquals(
    charged(`export function f(a, b, c) {\nconst x = 1;\nuse(() => a + x);\nuse(() => b);\n}`),
    "3:1/3",
  );
});

test("what is not captured has no context", () => {
  assertEquals(charged(`export function f(a) {\nconst x = a;\nuse((y) => y + 1, z);\nreturn x;\n}`), "");
  assertEquals(charged(`export function f(o) { use((p) => p.o + p.f, { o: 1 }); }`), "");
});

test("parameters, patterns, hoisted variables and functions are variables", () => {
  assertEquals(
    charged(
      `export function f({ a, b: [c] }, ...d) {\nuse(() => [a, c, d, e, g]);\nvar e;\nfunction g() {}\n}`,
    ),
    "4:2/5",
  );
  assertEquals(charged(`export function f(a) {\nuse(() => [a, b, c]);\nvar b;\nlet c;\n}`), "2:1/3");
});

// V8 (Node 22, 26), 200,000 times: 136 bytes for `({ a }) => { let e; return () => [a, e] }`, 104 with `(a) =>`.
test("parameters that are no plain names are in a context of their own", () => {
  for (const parameters of ["{ a }", "[a]", "a = 1", "a, ...b"]) {
    assertEquals(charged(`export function f(${parameters}) {\nlet e;\nuse(() => a + e);\n}`), "3:2/2");
    assertEquals(charged(`export function f(${parameters}) {\nlet e;\nuse(() => e);\n}`), "3:1/1");
  }
  // What a default names is around the function, whatever the body declares.
  assertEquals(charged(`export function f(b) {\nuse((a = b) => {\nvar b; });\n}`), "2:1/1");
  assertEquals(charged(`export function f() {\nuse(({ a }) => {\nvar a;\nuse(() => a) });\n}`), "4:1/1");
});

test("variables of static blocks are theirs", () => {
  assertEquals(charged(`let x;\nclass A { static { var x = 1;\nuse(() => x); } }`), "3:1/1");
  assertEquals(charged(`let x;\nclass A { static { function x() {}\nuse(() => x); } }`), "2:1/1");
});

test("functions in blocks are variables of the function around them in sloppy code alone", () => {
  const source = `function f(g) {\nreturn () => {\n{ function g() {} }\nreturn () => g; } }`;
  assertEquals(charged(source, "commonjs"), "3:1/1");
  assertEquals(charged(source), "2:1/1");
  assertEquals(charged(`"use strict"; ${source}`, "commonjs"), "2:1/1");
});

test("names of the page's elements are no variables", () => {
  assertEquals(charged(`export function f(a) {\nreturn () => <a/>;\n}`), "");
  assertEquals(charged(`export function f(a) {\nreturn () => <a.b/>;\n}`), "2:1/1");
});

test("enums are variables, what is declared for the type checker is none", () => {
  const most = (source: string): number => {
    const { sites } = instrument(source, { filename: "/app/a.ts" });
    return Math.max(
      ...sites.map(({ kind, parameter }) => (kind === Kind.closure ? contextSlots(parameter) : 0)),
    );
  };
  assertEquals(most(`export function f() { enum E { A }\nreturn () => E.A; }`), 1);
  assertEquals(most(`declare const a: number;\nexport const f = () => a;`), 0);
});

test("each scope with captured variables has a context of its own", () => {
  assertEquals(charged(`export function f(a) {\n{ let b = 1;\nuse(() => a + b);\n}\n}`), "3:2/2");
});

test("a loop's body makes its context each time; the function's is not charged in the loop", () => {
  assertEquals(
    charged(`export function f(a) {\nfor (const x of a) {\nlet y;\nuse(() => x + y + a);\n}\n}`),
    "4:2/2",
  );
  assertEquals(
    charged(`export function f(a) {\nfor (const x of a) use(() => x);\nuse(() => a);\n}`),
    "2:1/1 3:1/1",
  );
  assertEquals(charged(`export function f(a) {\nwhile (a) { use(() => a); }\n}`), "");
});

test("a closure that is certain to be made goes before one that may be", () => {
  assertEquals(charged(`export function f(a) {\nif (a) use(() => a);\nuse(() => a);\n}`), "3:1/1");
  assertEquals(charged(`export function f(a) {\nreturn a && (() => a);\n}`), "2:1/1");
});

test("a variable that shadows is another one", () => {
  assertEquals(charged(`export function f(a) {\nuse((a) => a);\n{ let a = 1; use(a); }\n}`), "");
  assertEquals(charged(`export function f() {\ntry { g() } catch (e) {\nuse(() => e);\n}\n}`), "3:1/1");
});

test("closures deep inside capture through those around them", () => {
  assertEquals(charged(`export function f(a) {\nreturn (b) =>\n(c) => a + b + c;\n}`), "2:1/1 3:1/1");
});

test("this and arguments are captured by arrow functions alone", () => {
  assertEquals(charged(`export function f() {\nuse(() => this, () => arguments[0]);\n}`), "2:1/2");
  assertEquals(charged(`export function f() {\nuse(function () { return this; });\n}`), "");
  assertEquals(charged(`use(() => this);`, "commonjs"), "1:1/1");
});

test("direct eval sees everything around it", () => {
  assertEquals(charged(`function f(a, b) {\nlet c;\nuse(() => eval("a"));\n}`, "script"), "3:1/3");
  assertEquals(charged(`function f(a, b) {\nlet c;\nuse(() => (eval)("a"));\n}`, "script"), "3:1/3");
  // Each once: what an inner scope shadows, and a class's private names, too.
  const shadowed = `function f(a) {\n{ let a; eval("a");\nuse(() => 1); }\nuse(() => a);\n}`;
  assertEquals(charged(shadowed, "script"), "3:2/2");
  assertEquals(charged(`function f() {\nreturn class A { #x; m() { eval("A"); } };\n}`, "script"), "2:1/2");
});

test("a class is charged with its private names and its own name", () => {
  assertEquals(charged(`export const f = () =>\nclass A { #x = 1; m() { return A; } };`), "2:1/2");
  assertEquals(charged(`export const f = () =>\nclass A { m() { return 1; } };`), "");
});

test("fields share one function, whose arrow functions capture this", () => {
  assertEquals(charged(`export class A {\nx = () => this.y;\nz = () => this.y;\n}`), "2:1/1");
});

test("methods of a literal are closures", () => {
  assertEquals(charged(`export function f(a) {\nreturn {\nm() { return a; } };\n}`), "3:1/1");
});

test("a module's own variables are in its context, exports in cells, a script's are global", () => {
  const source = `let a = 1, b = 2;\nconst f = () => a;`;
  assertEquals(charged(`${source}\nexport { b };`), "2:1/1");
  assertEquals(charged(`${source}\nexport { a };`), "");
  assertEquals(charged(source, "commonjs"), "2:1/1");
  assertEquals(charged(source, "script"), "");
});

test("switch, for and component names", () => {
  assertEquals(charged(`export function f(a) {\nswitch (a) { case 1: let b;\nuse(() => b);\n}\n}`), "3:1/1");
  assertEquals(charged(`export function f() {\nfor (let i = 0; i < 3; i++)\nuse(() => i);\n}`), "3:1/1");
  assertEquals(charged(`export function f(A) {\nreturn () => <A.B/>;\n}`), "2:1/1");
});

test("functions with a prototype are larger, and classes count their methods, and one for their fields", () => {
  const { sites } = instrument(
    `use(function () {}, function* () {}, async function* () {}, () => 1, async function () {}, async () => 1, class { a() {} b() {} }, class { x; #y; static z; constructor() {} #a() {} });`,
    { filename: "/app/a.js" },
  );
  const counts = sites
    .filter(({ kind }) => kind === Kind.closure || kind === Kind.class)
    .map(({ parameter }) => closureCount(parameter));
  assertEquals(counts, [1, 1, 1, 0, 0, 0, 2, 2]);
});

test("what a file does with functions is known by their variables", () => {
  const uses = (source: string, options: object = {}): number[] =>
    instrument(source, { filename: "/app/a.js", ...options })
      .sites.filter(({ kind }) => kind === Kind.closure)
      .map(({ parameter }) => functionUses(parameter));
  assertEquals(uses("function f() {} f.x = 1;"), [GETS_PROPERTIES]);
  assertEquals(uses("F.prototype.m = 1; function F() {}"), [SHOWS_PROTOTYPE]);
  assertEquals(uses("export function F() {} const p = F.prototype; new F();"), [
    SHOWS_PROTOTYPE | IS_CONSTRUCTED,
  ]);
  assertEquals(uses("var F = module.exports = function () {}; F.prototype.m = 1;"), [SHOWS_PROTOTYPE]);
  assertEquals(uses("var F; F = function () {}; F.x = F.prototype;"), [GETS_PROPERTIES | SHOWS_PROTOTYPE]);
  // Other variables of the name, and what has no `prototype`.
  assertEquals(uses("function f() {} { let f = {}; f.x = 1; }"), [0]);
  assertEquals(uses("{ function f() {} } function g(f) { f.prototype.x = 1; }"), [0, 0]);
  assertEquals(uses("const f = () => 1; f.x = 1;"), [0]);
});

test("what decorators of fields capture is captured", () => {
  for (const member of ["a = 1", "static a", "accessor a", "a() {}"])
    assertEquals(charged(`function f(x) { class A {\n@decorate(() => x)\n${member} } }`), "1:1/1", member);
});
