import { test } from "node:test";
import { encodedMappings, type SourceMapSegment, TraceMap } from "@jridgewell/trace-mapping";
import { assertEquals, assertThrows } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { sourceNamer } from "../../../src/instrument/maps/source_name.ts";
import { openSourceMap, SourceMapError } from "../../../src/instrument/maps/source_positions.ts";
import { decodePayload } from "../../../src/sites/payload.ts";
import { placeAt } from "../../../src/track/calls/site_place.ts";
import { Kind } from "../../../src/vocabulary/kinds.ts";

type Fields = { sources?: unknown[]; sourceRoot?: string; names?: string[]; sourcesContent?: unknown[] };

/** A map with these segments in each line, as compilers write it. */
function mapOf(lines: SourceMapSegment[][], fields: Fields = {}): object {
  const decoded = { version: 3 as const, sources: ["a.ts"], names: [], mappings: lines };
  return {
    version: 3,
    names: [],
    sources: ["a.ts"],
    ...fields,
    mappings: encodedMappings(new TraceMap(decoded)),
  };
}

const TEXT = { filename: "/app/out/a.js", characters: 100 };

function found(map: string | object, line: number, column: number): string | null {
  const positions = openSourceMap(map, TEXT);
  const at = positions.find(line, column);
  return at && `${positions.sources[at.source]}:${at.line}:${at.column}`;
}

test("a position is that of the last mapping before it on its line, if any", () => {
  const map = mapOf([[[4, 0, 6, 2], [9], [12, 0, 7, 0]], []]);
  assertEquals(found(map, 1, 1), null);
  assertEquals(found(map, 1, 5), "/app/out/a.ts:7:3");
  assertEquals(found(map, 1, 7), "/app/out/a.ts:7:3");
  assertEquals(found(map, 1, 10), null); // the compiler's own
  assertEquals(found(JSON.stringify(map), 1, 13), "/app/out/a.ts:8:1");
  assertEquals(found(map, 2, 1), null);
  assertEquals(found(map, 99, 1), null);
});

test("sources are named from their root, and from the map", () => {
  for (const [source, sourceRoot, name] of [
    ["../src/a.ts", undefined, "/app/src/a.ts"],
    ["a.ts", "../src", "/app/src/a.ts"],
    ["a.ts", "/elsewhere/", "/elsewhere/a.ts"],
    ["/abs/a.ts", undefined, "/abs/a.ts"],
    ["file:///abs/a%20b.ts", undefined, "/abs/a b.ts"],
    ["a.ts", "file:///abs", "/abs/a.ts"],
    ["a.ts", "https://example.com/src", "https://example.com/src/a.ts"],
    ["webpack://app/./src/a.ts?1f", undefined, "webpack://app/src/a.ts?1f"],
  ] as const) {
    const map = mapOf([[[0, 0, 0, 0]]], {
      sources: [source],
      ...(sourceRoot === undefined ? {} : { sourceRoot }),
    });
    assertEquals(found(map, 1, 1), `${name}:1:1`);
  }
  assertEquals(found(mapOf([[[0, 0, 0, 0]]], { sources: [null] }), 1, 1), null);
});

test("a map of sections is one map", () => {
  const section = (line: number, column: number, source: string): object => ({
    offset: { line, column },
    map: mapOf([[[0, 0, 0, 0]], [[0, 0, 1, 0]]], { sources: [source], sourceRoot: ".." }),
  });
  const map = {
    version: 3,
    sections: [section(0, 0, "a.ts"), section(0, 10, "b.ts"), section(5, 0, "c.ts")],
  };
  assertEquals(found(map, 1, 4), "/app/a.ts:1:1");
  assertEquals(found(map, 1, 11), "/app/b.ts:1:1");
  assertEquals(found(map, 2, 1), "/app/b.ts:2:1");
  assertEquals(found(map, 6, 3), "/app/c.ts:1:1");
});

test("maps of sources are followed; where one knows lines alone, to the line's first mapping", () => {
  const nameOf = sourceNamer("/app/out/a.js");
  const inner = {
    text: JSON.stringify(
      mapOf(
        [
          [],
          [
            [4, 0, 20, 2, 0],
            [9, 1, 30, 0],
          ],
        ],
        { sources: ["a.ts", "b.ts"], names: ["long"] },
      ),
    ),
    nameOf: sourceNamer("/app/lib/a.js"),
    characters: 100,
    inner: new Map(),
  };
  const outer = mapOf(
    [
      [
        [0, 0, 1, 0],
        [5, 0, 1, 9, 0],
        [8, 1, 2, 0],
      ],
      [[0, 0, 1, 6]],
    ],
    {
      sources: ["../lib/a.js", "other.js"],
      sourcesContent: ["g()", "h()"],
      names: ["short"],
    },
  );
  const input = {
    text: JSON.stringify(outer),
    nameOf,
    characters: 100,
    inner: new Map([["/app/lib/a.js", inner]]),
  };
  assertEquals(found(input, 1, 1), "/app/lib/a.ts:21:3");
  assertEquals(found(input, 1, 6), "/app/lib/b.ts:31:1");
  assertEquals(found(input, 1, 9), "/app/out/other.js:3:1");
  assertEquals(found(input, 2, 1), "/app/lib/a.ts:21:3");
  const { nameAt, map } = openSourceMap(input, TEXT);
  assertEquals([nameAt(1, 1), nameAt(1, 6), nameAt(1, 7)], ["long", "short", null]);
  assertEquals(map.sourcesContent, [null, null, "h()"]);
  // A broken one ends the way.
  const broken = { ...input, inner: new Map([["/app/lib/a.js", { ...inner, text: "{" }]]) };
  assertEquals(found(broken, 1, 6), "/app/lib/a.js:2:10");
});

test("what is no map, or more than its text can have, is refused", () => {
  const many = { ...mapOf([]), mappings: ";".repeat(1500) };
  const far = { version: 3, sections: [{ offset: { line: 1e9, column: 0 }, map: mapOf([[[0, 0, 0, 0]]]) }] };
  for (const [map, reason] of [
    ["", "no JSON"],
    ["[".repeat(100_000), "no JSON"],
    ["null", "no object"],
    ["[]", "version undefined"],
    [{ version: 2, sources: [], mappings: "" }, "version 2, not 3"],
    [{ version: 3, mappings: "" }, "no list of sources"],
    [{ version: 3, sources: [] }, "no mappings"],
    [{ ...mapOf([]), mappings: "AAAA!" }, "no base 64 VLQ"],
    [many, "more mappings than the text has characters"],
    [far, "no section"],
    [{ version: 3, sections: [null] }, "no section"],
    [{ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: far }] }, "version 3|no list"],
  ] as const) {
    const error = assertThrows(() => openSourceMap(map, TEXT), SourceMapError) as Error;
    assertEquals(new RegExp(reason).test(error.message), true, `${reason}: ${error.message}`);
  }
});

test("places that no source can have are none", () => {
  for (const segment of [
    [0, 7, 0, 0],
    [0, 0, -1, 0],
    [0, 0, 0, -1],
    [0, 0, 2 ** 30, 0],
  ] as const) {
    assertEquals(found({ ...mapOf([]), mappings: [[segment]] }, 1, 1), null);
  }
  const { nameAt } = openSourceMap({ ...mapOf([]), mappings: [[[0, 0, 0, 0, 9]]] }, TEXT);
  assertEquals(nameAt(1, 1), null);
});

/** Sites of calls and objects, as the instrumented code carries them: `file:line function`. */
function sitesOf(code: string, inputSourceMap: object): string[] {
  const { code: text } = instrument(code, { filename: TEXT.filename, inputSourceMap, sourceType: "module" });
  const payload = decodePayload(JSON.parse(/\.register\(("(?:[^"\\]|\\.)*")\)/.exec(text)![1]!) as string);
  return [...payload.kind].flatMap((kind, i) => {
    const { filename, line, functionName } = placeAt(payload, i);
    return kind === Kind.call || kind === Kind.object ? [`${filename}:${line} ${functionName}`] : [];
  });
}

test("code of several files in one text has the names of all, also on lines of one number", () => {
  const code = "export function f(){g();h();return{}}";
  const map = mapOf(
    [
      [
        [7, 0, 4, 0],
        [16, 0, 4, 9, 0],
        [20, 0, 5, 0],
        [24, 1, 5, 0],
        [28, 0, 6, 0],
      ],
    ],
    {
      sources: ["../src/a.ts", "../src/b.ts"],
      names: ["factory"],
    },
  );
  assertEquals(sitesOf(code, map), [
    "/app/src/a.ts:6 factory",
    "/app/src/b.ts:6 factory",
    "/app/src/a.ts:7 factory",
  ]);
});

test("a compiler's own code has the text's lines; none, where the text bears its source's name", () => {
  const code = "const helper={};\nconst own=[{}];export{helper,own}";
  const lines: SourceMapSegment[][] = [[], [[0, 0, 6, 0]]];
  assertEquals(sitesOf(code, mapOf(lines)), ["/app/out/a.js:1 <module>", "/app/out/a.ts:7 <module>"]);
  assertEquals(sitesOf(code, mapOf(lines, { sources: ["a.js"] })), [
    "/app/out/a.js:0 <module>",
    "/app/out/a.js:7 <module>",
  ]);
});
