import { test } from "node:test";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { Kind } from "../../../src/vocabulary/kinds.ts";

const SOURCE = `"use strict";
import { one as uno } from "./one.js";
export const list = [uno, two(), { three: (four) => \`five\${four}\` }], regexp = /six/g;
class Seven extends Eight { nine = async () => await ten; #eleven(...twelve) { return super.thirteen(twelve); } }
label: for (const fourteen of fifteen?.sixteen(seventeen)) { if (eighteen) continue label; else nineteen(); }
`;

/** Line (1-based) and column (0-based) of each word outside strings, where it stands last: names are in the header, and in reports. */
function words(text: string): Map<string, { line: number; column: number }> {
  const found = new Map<string, { line: number; column: number }>();
  for (const [i, line] of text.split("\n").entries()) {
    // The first: names of functions stand in what is inserted at the end, too.
    for (const { 0: word, index } of line.matchAll(/(?<!"|\.q\(\d+,)\b[A-Za-z]{3,}/g))
      if (!found.has(word)) found.set(word, { line: i + 1, column: index });
  }
  return found;
}

const NUMBERS =
  "one uno two three four five six Seven Eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );

test("every token maps to where it stands in the source", () => {
  const { code, map } = instrument(SOURCE, { filename: "/app/numbers.js", sourceMap: true });
  const trace = new TraceMap(map!);
  const original = words(SOURCE);
  const generated = words(code);
  for (const word of NUMBERS) {
    const { line, column } = originalPositionFor(trace, generated.get(word)!);
    assertEquals({ word, line, column }, { word, ...original.get(word)! });
  }
  assertEquals(trace.sources, ["/app/numbers.js"]);
  assertEquals(trace.sourcesContent, [SOURCE]);
});

test("a map of the text itself is followed: tokens, sources and sites", () => {
  // Each line of the "compiled" text stands three lines further down in its original, and two columns to the right.
  const mappings = SOURCE.split("\n")
    .map((_, i) => (i === 0 ? "AAGE" : "AACA"))
    .join(";");
  const inputSourceMap = {
    version: 3,
    sources: ["original.ts"],
    names: [],
    mappings,
    sourcesContent: ["text"],
  };
  const { code, map, sites } = instrument(SOURCE, {
    filename: "/app/compiled.js",
    sourceMap: true,
    inputSourceMap,
  });
  const trace = new TraceMap(map!);
  assertEquals(trace.sources, ["/app/original.ts"]);
  assertEquals(trace.sourcesContent, ["text"]);
  assertEquals(originalPositionFor(trace, words(code).get("eighteen")!).line, 8);
  assertEquals(
    sites.filter(({ kind }) => kind === Kind.array).map(({ line, column }) => [line, column]),
    [[6, 3]],
  );
});

test("an inline map takes the place of one that ended the text, and of nothing else", () => {
  const old = "//# sourceMappingURL=data:application/json;base64,e30=";
  const source = `const text = [\`${old}\`];\n${old}\n`;
  const { code, map } = instrument(source, { filename: "a.js", sourceMap: "inline" });
  assertStringIncludes(code, `\`${old}\``);
  const comments = [...code.matchAll(/^\/\/# sourceMappingURL=data:application\/json;base64,(\S+)$/gm)];
  assertEquals(comments.length, 1);
  assertEquals(JSON.parse(atob(comments[0]![1]!)), JSON.parse(map!));
});

test("names that are not Latin survive the inline map", () => {
  const { code } = instrument("const a = ['한국어'];", { filename: "/집/파일.js", sourceMap: "inline" });
  const encoded = /base64,(\S+)$/.exec(code)![1]!;
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const { sources, sourcesContent } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string[]>;
  assertEquals([sources, sourcesContent], [["/집/파일.js"], ["const a = ['한국어'];"]]);
});

test("sites stay those of the text where that is asked for, and the map that comes out leads to the original all the same", () => {
  const inputSourceMap = { version: 3, sources: ["original.ts"], names: [], mappings: ";AAUA" };
  const text = "\nexport const list = [{}];\n";
  const options = { sourceMap: true, inputSourceMap, mapSites: false } as const;
  const { map, sites } = instrument(text, { ...options, filename: "/app/compiled.js" });
  assertEquals(new Set(sites.map(({ line }) => line)), new Set([1, 2]));
  assertEquals(new TraceMap(map!).sources, ["/app/original.ts"]);
  // What was compiled while it was loaded bears its source's name: its lines would be another's.
  const loaded = instrument(text, { ...options, filename: "/app/original.ts" });
  assertEquals(loaded.sites.at(-1)!.line, 11);
});
