import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type PluginItem, parseSync } from "@babel/core";
import type { parse as babelParse } from "@babel/parser";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import tracemalloc from "../../../plugin/babel/babel.ts";
import { importText } from "../../instrumented.ts";
import { path, traced } from "../../traced.ts";
import { compile, OLD, plugin, preset } from "./compile.ts";

const require = createRequire(import.meta.url);
const NEW = preset("env", { targets: "node 22", modules: false });

const SOURCE = `"use strict";
export class Store {
  #items = new Map();
  add(key) {
    this.#items.set(key, { key });
    return this;
  }
  async *all() { yield* this.#items.values(); }
}
export const make = async (n) => {
  const store = new Store();
  for (let i = 0; i < n; i++) store.add(i);
  await null;
  return [store, ...Array.from({ length: n }, (_, i) => [i])];
};
`;

for (const [name, presets] of Object.entries({
  "no preset": [],
  "preset-env for IE 11": [OLD],
  "preset-env for Node": [NEW],
})) {
  test(`${name}: the same sites as the loader's, on the lines of the source`, async () => {
    const { code } = compile(SOURCE, { presets, sourceType: "module" });
    const { make } = await importText(code!);
    const found = (await traced(() => make(3))).map(path);
    assertEquals(found.filter((one) => one.endsWith("make:12 Store.add:5")).length, 3, found.join("\n"));
    assertEquals(found.filter((one) => one.endsWith("make:11")).length > 0, true);
    assertEquals(found.filter((one) => /make:14 <anonymous>:14$/.test(one)).length, 3, found.join("\n"));
  });
}

test("types and JSX: beside preset-typescript and preset-react", async () => {
  const source = `import type { A } from "./a.ts";
enum Kind { One = 1 }
export const h = (tag: string, props: object, ...rest: unknown[]) =>
  [tag, props, rest];
export function view(a: A): unknown {
  return <b a={a as A}>
    {[Kind.One]}
  </b>;
}
`;
  const presets = [OLD, preset("react", { runtime: "classic", pragma: "h" }), preset("typescript")];
  const { code } = compile(source, { presets, filename: "/app/view.tsx" });
  const { view } = await importText(code!);
  const found = (await traced(() => view({}))).map(path);
  for (const end of ["view:7", "view:6 h:4"])
    assert(
      found.some((one) => one.endsWith(end)),
      `${end}: ${found}`,
    );
});

test("the source map leads to the source, names and columns too", () => {
  const { code, map } = compile(SOURCE, { presets: [NEW], sourceMaps: true });
  const trace = new TraceMap(map as never);
  assertEquals(map!.sourcesContent, [SOURCE]);
  const source = SOURCE.split("\n");
  const lines = code!.split("\n");
  for (const word of ["Store", "#items", "add", "make", "store", "yield", "null", "length"]) {
    const line = lines.findIndex((text) => text.includes(word) && !text.includes(".register("));
    const found = originalPositionFor(trace, { line: line + 1, column: lines[line]!.indexOf(word) });
    assert(
      source[found.line! - 1]!.slice(found.column!).startsWith(word),
      `${word}: ${JSON.stringify(found)}`,
    );
  }
});

test("a text that a compiler made: sites and source map lead to what it was made of (ts-jest)", async () => {
  const source = `interface A {
  rarely: number;
}

export const make =
  (rarely: number): A =>
    ({ rarely });
`;
  const own = { filename: "/app/a.ts", sourceMaps: "inline", compact: true } as const;
  const { code: made } = compile(source, { ...own, presets: [preset("typescript")] }, []);
  const { code, map } = compile(made!, { filename: "/app/a.ts", sourceMaps: true });
  const { make } = await importText(code!);
  const paths = (await traced(() => make(1))).map(path);
  assertEquals(paths.filter((one) => one.endsWith("make:7")).length, 1, paths.join("\n"));
  const lines = code!.split("\n");
  const line = lines.findLastIndex((text) => text.includes("rarely"));
  const found = originalPositionFor(new TraceMap(map as never), {
    line: line + 1,
    column: lines[line]!.lastIndexOf("rarely"),
  });
  assertEquals([found.line, found.column], [7, 7]);
  assertEquals(map!.sourcesContent, [source]);
});

test("other plugins see positions and text of the source", () => {
  const seen: string[] = [];
  const spy: PluginItem = {
    visitor: {
      ObjectExpression: (found: {
        node: { loc: { start: { line: number; column: number } } };
        getSource(): string;
      }) => {
        const { line, column } = found.node.loc.start;
        // What was inserted has no text of its own.
        const text = found.getSource();
        if (text !== "") seen.push(`${line}:${column} ${text}`);
      },
    },
  } as PluginItem;
  compile(SOURCE, {}, [plugin, spy]);
  assertEquals(seen, ["5:25 { key }", "14:31 { length: n }"]);
});

test("what does not parse gets Babel's own message", () => {
  const error = assertThrows(() => compile("let a = [1];\nlet a = [2];\n", {}), SyntaxError);
  assertStringIncludes(error.message, "(2:4)");
});

test("exclude leaves files alone; wrong options are named", () => {
  const only = (options: object): string =>
    compile("export const a = [1];", {}, [[tracemalloc, options] as PluginItem]).code!;
  assertEquals(only({ exclude: ["/app"] }), "export const a = [1];");
  assertEquals(only({ include: ["/other/**"] }), "export const a = [1];");
  assertStringIncludes(only({ include: ["/app/*.js"] }), "register(");
  const error = assertThrows(() => only({ include: "/app" }), TypeError);
  assertStringIncludes(error.message, `include must be an array of globs, got "/app"`);
});

test("a linter sees the text as it is", () => {
  const tree = parseSync("export const a = [1];", {
    ...{ configFile: false, babelrc: false, plugins: [plugin] },
    ...{ caller: { name: "@babel/eslint-parser" } },
  });
  assertEquals((tree as { program: { body: unknown[] } }).program.body.length, 1);
});

test("calls that Jest hoists stay as they are", () => {
  const hoist = require.resolve("babel-plugin-jest-hoist");
  const source = `import { a } from "./a.js";
jest.mock("./a.js", () => ({ a: [1] })).unmock("./b.js");
export const b = [a];
`;
  const { code } = compile(source, { sourceType: "module" }, [plugin, hoist]);
  const untouched = compile(source, { sourceType: "module" }, [hoist]).code!;
  const hoisted = (text: string): string => text.slice(0, text.indexOf("function _getJestObj"));
  assertStringIncludes(hoisted(code!), `.mock("./a.js", `);
  assertEquals(hoisted(code!), hoisted(untouched));
  assertStringIncludes(code!, "register(");
});

test("Jest's contexts get variables where others read the global object, which is slow there", () => {
  const caller = (name: string): string =>
    compile("export const f = (g) => g([1]);", { sourceType: "module", caller: { name } }).code!;
  assertStringIncludes(caller("babel-jest").replace(/\s+/g, ""), "var$t$,$b$,$tms$,$tmon$,$tmz$,");
  assertStringIncludes(caller("babel-cli"), 'Object.defineProperty(globalThis, "$tms$"');
});

test("a file that another plugin parses stays as it is, with one warning", () => {
  const flow = (): PluginItem =>
    ({
      name: "flow-parser",
      parserOverride: (code: string, options: object, parse: (code: string, options: object) => object) =>
        code.startsWith("/* @flow */") ? parse(code, options) : undefined,
    }) as PluginItem;
  const source = "export const a = [1];";
  for (const order of [
    [plugin, flow],
    [flow, plugin],
  ]) {
    assertStringIncludes(compile(source, {}, order).code!, "register(");
    for (const _ of [1, 2])
      assertEquals(compile(`/* @flow */${source}`, {}, order).code, `/* @flow */${source}`);
  }
});

test("Babel's own helpers are left alone: a tracker that Babel compiles calls them", () => {
  const helper = (filename: string): string => compile("export const a = [1];", { filename }).code!;
  assertEquals(
    helper("/app/node_modules/@babel/runtime/helpers/esm/createClass.js"),
    "export const a = [1];",
  );
  assertEquals(helper("/app/node_modules/@babel/runtime-corejs3/helpers/a.js"), "export const a = [1];");
  assertStringIncludes(helper("/app/node_modules/@babel/parser/index.js"), "register(");
});

test("Babel 8's types take the plugin, and so do those of Babel 7", () => {
  // As `PluginObject` of `@babel/core` 8 has it; `@types/babel__core` 7 takes any function.
  type ParserOverride = (
    ...all: [...Parameters<typeof babelParse>, typeof babelParse]
  ) => ReturnType<typeof babelParse>;
  const plugin = tracemalloc({});
  const override: ParserOverride | undefined = plugin.parserOverride;
  const item: PluginItem = tracemalloc;
  assertEquals([typeof override, typeof item], ["function", "function"]);
});

test("nothing but types is taken from Babel's core, which is an optional peer", () => {
  const { peerDependencies, peerDependenciesMeta, dependencies } = require("../../../package.json");
  assertEquals(peerDependencies["@babel/core"], "^7.0.0 || ^8.0.0");
  assertEquals(peerDependenciesMeta["@babel/core"], { optional: true });
  assertEquals(dependencies["@babel/core"], undefined);
  const folder = fileURLToPath(new URL("../../../plugin/babel/", import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assert(files.length > 2, `${files.length} files`);
  const loaded = files.filter((name) =>
    /from "@babel\/|import\("@babel\//.test(withoutTypes(readFileSync(join(folder, name), "utf8"))),
  );
  assertEquals(loaded, []);
});

function withoutTypes(source: string): string {
  return source.replaceAll(/^import type [^;]*;$/gm, "");
}
