import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createTransform } from "../../../plugin/bundlers/build_transform.ts";
import {
  COMPONENT_FILES,
  componentOf,
  createComponentTransform,
  isComponent,
} from "../../../plugin/bundlers/components.ts";

const CODE = `const kept = [];
export function keep(id) {
  kept.push({ id });
}
`;
/** Line 1 to 11, 2 to 12, 3 to 13. */
const MAP = { version: 3, sources: ["App.vue"], names: [], mappings: "AAUA;AACA;AACA" };

/** What the code says of itself: its file, and its functions with their lines. */
function registered(code: string | undefined): [file: string, functions: unknown[]] {
  const [, text] = /\.register\(("(?:[^"\\]|\\.)*")\)/.exec(code ?? "")!;
  const [, file, , functions] = JSON.parse(JSON.parse(text!) as string) as [
    number,
    string,
    number,
    unknown[],
  ];
  return [file, functions];
}

test("modules that have a component's code are told by their names", () => {
  for (const [id, path] of [
    ["/app/App.vue", "/app/App.vue"],
    ["/app/App.vue?t=1700000000000", "/app/App.vue"],
    ["/app/App.vue?vue&type=script&setup=true&lang.ts", "/app/App.vue"],
    ["/app/App.vue?vue&type=template&id=7a7a37b1&lang.js", "/app/App.vue"],
    ["/app/App.vue?id=7a7a37b1&type=template&vue", "/app/App.vue"],
    ["/app/plain.ts?vue&type=script&src=7a7a37b1&lang.ts", "/app/plain.ts"],
    ["/app/Page.astro?astro&type=script&index=0&lang.ts", "/app/Page.astro"],
    ["/app/Counter.svelte", "/app/Counter.svelte"],
    ["/app/store.svelte.ts", "/app/store.svelte.ts"],
    ["/app/store.svelte.test.js", "/app/store.svelte.test.js"],
    ["/app/post.mdx?v=12ab", "/app/post.mdx"],
    ["/app/App.vue?vue&type=style&index=0&scoped=7a7a37b1&lang.css", null],
    ["/app/App.vue?vue&type=i18n&index=0&lang.json", null],
    ["/app/App.vue?vue&type=script&raw", null],
    ["/app/App.vue?raw", null],
    ["/app/App.vue?url", null],
    ["/app/App.vue?macro=true", null],
    ["/app/Counter.svelte?svelte&type=style&lang.css", null],
    ["/app/Page.astro?astro&type=style&index=0&lang.css", null],
    ["\0/app/App.vue", null],
    ["\0plugin-vue:export-helper", null],
    ["virtual:App.vue", null],
    ["/app/svelte.ts", null],
    ["/app/main.ts", null],
  ] as const) {
    assertEquals(componentOf(id), path, id);
    // Bundlers ask by this first.
    if (path !== null) assert(COMPONENT_FILES.test(id), id);
  }
});

test("a component's lines are those of its map; code that stands nowhere in the file has none", () => {
  const transform = createComponentTransform({});
  const code = `${CODE}export function useless() {\n  return {};\n}\n`;
  const context = { getCombinedSourcemap: () => MAP };
  const built = transform.call(context, code, "/app/src/App.vue?vue&type=script&lang.js");
  assertEquals(registered(built?.code), ["/app/src/App.vue", ["<module>", 1, "keep", 12, "useless", 0]]);
  // From what was given on: bundlers chain maps themselves.
  assertEquals(built!.map?.sourcesContent, [code]);
});

test("webpack's and Rspack's maps come by unplugin, as objects or as JSON", () => {
  for (const inputSourceMap of [MAP, JSON.stringify(MAP)]) {
    const context = { getNativeBuildContext: () => ({ inputSourceMap }) };
    const built = createComponentTransform({}).call(context, CODE, "/app/src/App.vue");
    assertEquals(registered(built?.code)[1], ["<module>", 1, "keep", 12]);
  }
});

test("without a map that says something, the file is known and no line", () => {
  const identity = {
    version: 3,
    sources: ["/app/App.vue"],
    sourcesContent: ["<template>…"],
    names: [],
    mappings: "AAAA;AACA;AACA",
  };
  const ofPart = { ...MAP, sources: ["/app/App.vue?vue&type=script&lang.ts"] };
  const maps = [undefined, null, "", "{", {}, { ...MAP, mappings: "" }, { ...MAP, sources: [null] }];
  for (const map of [...maps, identity, ofPart]) {
    const context = { getCombinedSourcemap: () => map };
    const built = createComponentTransform({}).call(context, CODE, "/app/App.vue");
    assertEquals(registered(built?.code), ["/app/App.vue", ["<module>", 1, "keep", 0]], JSON.stringify(map));
  }
});

test("a block that starts in the first line has not moved, and is believed", () => {
  const code = CODE.replace("const kept = [];", "");
  const sourcesContent = [`<script>${code}</script>\n<template></template>\n`];
  const map = { ...MAP, sourcesContent, mappings: ";AACA;AACA" };
  const built = createComponentTransform({}).call({ getCombinedSourcemap: () => map }, code, "/app/App.vue");
  assertEquals(registered(built?.code), ["/app/App.vue", ["<module>", 1, "keep", 2]]);
});

test("a script of a file of its own has the lines of that file", () => {
  const id = "/app/plain.ts?vue&type=script&src=7a7a37b1&lang.ts";
  const context = { getCombinedSourcemap: () => ({ ...MAP, sources: [id] }) };
  const built = createComponentTransform({}).call(context, CODE, id);
  assertEquals(registered(built?.code), ["/app/plain.ts", ["<module>", 1, "keep", 12]]);
});

test("what bundlers give before it is compiled is left alone, runes of .svelte.ts too", () => {
  const early = createTransform({});
  assert(isComponent("/app/store.svelte.ts"));
  assertEquals(early("export const counter = $state({ n: 0 });\n", "/app/store.svelte.ts"), null);
  const source = "export const list: object[] = [{}];\n";
  assertEquals(early(source, "/app/App.vue?vue&type=script&lang.ts"), null);
  assertStringIncludes(early(source, "/app/list.ts")!.code, "tracemalloc/tracker");
});

test("exclude leaves components alone", () => {
  const transform = createComponentTransform({ exclude: ["/app/**"] });
  assertEquals(transform.call({ getCombinedSourcemap: () => MAP }, CODE, "/app/App.vue"), null);
});
