import { test } from "node:test";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { ScriptMap } from "../../../src/track/calls/script_map.ts";

const SOURCE = `export function twice(value: number): number {
  const sum = value + value;

  return [sum].map((one) => one)[0]!;
}
export class Point { constructor(readonly x: number) {} }
`;

test("leads where trace-mapping does", () => {
  const { code, map } = instrument(SOURCE, { filename: "twice.ts", sourceMap: true });
  const own = new ScriptMap(JSON.parse(map!));
  const theirs = new TraceMap(map!);
  assertEquals(own.sources, ["twice.ts"]);
  let found = 0;
  for (const [index, text] of code.split("\n").entries()) {
    for (let column = 0; column <= text.length; column++) {
      const expected = originalPositionFor(theirs, { line: index + 1, column });
      const place = own.find(index + 1, column + 1);
      assertEquals(
        place && { source: own.sources[place.source], line: place.line, column: place.column - 1 },
        expected.source === null
          ? null
          : { source: expected.source, line: expected.line, column: expected.column },
      );
      if (place !== null) found++;
    }
  }
  assert(found > 200, `${found} places`);
});

test("what comes from nowhere, and what is mapped before a line without a mapping of its own", () => {
  // Line 1: column 0 from nowhere, column 4 from line 1; lines 2 and 3: nothing.
  const map = new ScriptMap({ mappings: "A,IAAA;;", sources: ["a.ts"] });
  assertEquals(map.find(1, 3), null);
  assertEquals(map.find(1, 5), { source: 0, line: 1, column: 1 });
  assertEquals(map.find(3, 1), null);
  assertEquals(map.find(99, 1), null);
  assertEquals(map.findBefore(3, 1), { source: 0, line: 1, column: 1 });
  assertEquals(map.findBefore(99, 1), { source: 0, line: 1, column: 1 });
  assertEquals(map.findBefore(1, 2), null);
});

test("maps that say nothing, or nonsense", () => {
  const nonsense: object[] = [
    {},
    { mappings: 5, sources: [] },
    { mappings: "AAAA", sources: "a.ts" },
    { version: 3, sections: [] },
    { mappings: "AAAA,!", sources: ["a.ts"] },
    { mappings: "AAAAAAAA", sources: ["a.ts"] },
    { mappings: "g", sources: ["a.ts"] },
  ];
  for (const map of nonsense) assertThrows(() => new ScriptMap(map), TypeError);
  // Sources that are not there, lines before the first.
  assertEquals(new ScriptMap({ mappings: "AEAA", sources: ["a.ts"] }).find(1, 1), null);
  assertEquals(new ScriptMap({ mappings: "AADA", sources: ["a.ts"] }).find(1, 1), null);
  assertEquals(new ScriptMap({ mappings: "", sources: [null] }).find(1, 1), null);
  assertEquals(new ScriptMap({ mappings: ",,AAAA,", sources: ["a.ts"] }).find(1, 1), {
    source: 0,
    line: 1,
    column: 1,
  });
});
