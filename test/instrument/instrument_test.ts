import { test } from "node:test";
import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { instrument } from "../../src/instrument/instrument.ts";
import { FORMS, HAZARDS } from "./hazards.ts";

test("no text gains or loses a line", () => {
  for (const { name, source, sourceType = "script", mayFail } of [...HAZARDS, ...FORMS]) {
    if (mayFail) continue;
    const { code } = instrument(source, { filename: "a.js", sourceType });
    assertEquals([name, code.split("\n").length], [name, source.split("\n").length]);
    assert(code !== source, `${name}: the text is as it was, so the case shows nothing`);
  }
});

test("a text that does not parse throws a SyntaxError that says where", () => {
  const error = assertThrows(() => instrument("let a = 1;\nlet b = ;", { filename: "a.js" }), SyntaxError);
  const { line, column } = (error as SyntaxError & { loc: { line: number; column: number } }).loc;
  assertEquals({ line, column }, { line: 2, column: 8 });
  for (const source of [
    "f(1,,2)",
    "let a; let a",
    "new f() = 1",
    "return",
    "'use strict'; with (a) {}",
    "a?.b = 1",
  ]) {
    assertThrows(() => instrument(source, { filename: "a.js", sourceType: "script" }), SyntaxError);
  }
});

test("where there is nothing to report, the text stays as it is", () => {
  const plain = "// only\nlet a = 1, b = 'x' + 'y';\nfor (;;) { if (a) break }\nlabel: a = -b;\n";
  for (const source of [
    "",
    "// comment",
    "#!/bin/node\n",
    '"use strict"',
    plain,
    "export {}",
    "'use asm'; [1]",
  ]) {
    assertEquals(instrument(source, { filename: "a.js", sourceMap: true }), {
      code: source,
      map: null,
      sites: [],
    });
  }
  const types =
    "interface A { b: string[] }\ntype C = { d: () => void };\ndeclare const e: A;\ndeclare class F { g: [] }";
  assertEquals(instrument(types, { filename: "a.ts" }).code, types);
});

test("texts that may be sloppy or strict, a module or not, are taken for what they are", () => {
  for (const source of [
    "with (a) b; [1]",
    "delete a; [1]",
    "x = 010; [1]",
    "f() = [1]",
    "arguments = [1]",
    "return [1]",
    "var yield = [1]",
  ]) {
    assertMatch(instrument(source, { filename: "a.js" }).code, /\.o\(\d/);
  }
  assertMatch(instrument("await a; [1]", { filename: "a.js" }).code, /\.o\(\d/);
  assertMatch(
    instrument("return new.target ? [1] : await\n/1/g", { filename: "a.cjs", sourceType: "commonjs" }).code,
    /\.o\(\d/,
  );
});

test("decorators of both kinds are left where they are", () => {
  const { code } = instrument("@a() @b.c(x => [x]) class A { @d e = [1]; @f() g() {} }", {
    filename: "a.ts",
  });
  assertStringIncludes(code, "@a() @b.c(");
  assertStringIncludes(code, "@d e = ");
  assertStringIncludes(code, "@f() g() {}");
  const older = instrument(
    "@Injectable() class A { constructor(@Inject(B) private b: B) { this.c = [1]; } }",
    { filename: "a.ts" },
  );
  assertStringIncludes(older.code, "@Inject(B) private b: B");
});

test("using and await using are left where they are", () => {
  const { code } = instrument("async function f() { using a = g(); { await using b = await h(); [1] } }", {
    filename: "a.js",
  });
  assertStringIncludes(code, "using a = ");
  assertStringIncludes(code, "await using b = ");
});

test("TypeScript's constructors keep their statements in the body itself", () => {
  const source =
    "class A extends B { c = [1]; constructor(private d: string) { super(f()); this.e = [2]; } }";
  const { code } = instrument(source, { filename: "a.ts" });
  assertMatch(code, /constructor\(private d: string\) \{ super\(/);
});

test("types are no code", () => {
  const source =
    "function f<T extends { a: [] }>(this: X, ...b: T[]): b is [] { return <any>(b as unknown as { c(): [] })!; }\nabstract class D { abstract e(): []; f?: () => [] }";
  const { code } = instrument(source, { filename: "a.ts" });
  assertStringIncludes(code, "<T extends { a: [] }>(this: X, ...b: T[]): b is [] {");
  assertStringIncludes(code, "abstract e(): []; f?: () => [] }");
});

test("names keep away from those in the text, however they are spelt", () => {
  for (const source of [
    "let $t$ = [1]; export {}",
    "let \\u0024t$ = [1]; export {}",
    "let \\u{24}t\\u{0024} = [1]; export {}",
    "f('\\u0041');\nlet a,\n  \\u0024t$ = [1];\nf('\\u0042'); export {}",
  ]) {
    const { code } = instrument(source, { filename: "a.js" });
    assertMatch(code, /var \$t\$_,/);
  }
  const [one, two] = ["[1]", "[2]"].map(
    (source) =>
      /var (\$t\$\w+)/.exec(instrument(source, { filename: "a.js", sourceType: "script" }).code)![1],
  );
  assertFalse(one === two, "two scripts of one realm share no names");
});

test("nothing that the file's name or text holds ends a script element", () => {
  const { code } = instrument("const f = { '</script>': () => [1] };", { filename: "/<!--</script>.js" });
  assertEquals(code.match(/<\/script>/g)!.length, 1); // the one of the source itself
  assertFalse(code.includes("<!--"));
});

test("the header stands after the directives", () => {
  for (const start of [
    '"use strict";',
    "'use strict'\n",
    '#!/usr/bin/env node\n"use strict";',
    "\uFEFF'use strict';",
  ]) {
    const { code } = instrument(`${start}a = [1]`, { filename: "a.cjs", sourceType: "commonjs" });
    assertMatch(code, /^(?:\uFEFF|#!.*\n)?["']use strict["'];?;\/\*\$b\$\*\/var /);
  }
});

test("what bundlers read without running it stays as it is written", () => {
  for (const part of [
    "new URL('./a.png', import.meta.url)",
    "new Worker(new URL('./b.js', import.meta.url), { type: 'module' })",
    "import('./c.js', { with: { type: 'json' } })",
    "import(`./d/${e}.js`)",
    "import('./f/' + g + '.js')",
    "import.meta.glob(['./*.js'], { eager: true })",
    "require('./h/' + i)",
    "require.context('./j', true, /k/)",
    "define(['l', 'm'],",
    "export * from './n.js'",
  ]) {
    const source = part.endsWith(",") ? `${part} () => [1]); export {}` : `${part}; [1]; export {}`;
    const { code } = instrument(source, { filename: "a.js" });
    assertStringIncludes(code, part);
    assert(code !== source);
  }
});
