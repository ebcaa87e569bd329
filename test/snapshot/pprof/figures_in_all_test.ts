import { test } from "node:test";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Profile, StringTable } from "pprof-format";
import { decodeSnapshot } from "../../../src/snapshot/pprof/load.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";

/** Our own profile of one line, with so many samples of these figures and labels. */
function ownProfile(
  values: readonly (number | bigint)[],
  { samples = 1, labels = [] }: { samples?: number; labels?: readonly [key: string, num: bigint][] } = {},
): Uint8Array {
  const strings = new StringTable();
  const number = (text: string): number => strings.dedup(text);
  const types: readonly [string, string][] = [
    ["alloc_objects", "count"],
    ["alloc_space", "bytes"],
    ["inuse_objects", "count"],
    ["inuse_space", "bytes"],
  ];
  const comment = number('tracemalloc/1 {"version":1,"tracebackLimit":1,"metadata":{}}');
  return new Profile({
    sampleType: types.map(([type, unit]) => ({ type: number(type), unit: number(unit) })),
    function: [{ id: 1, name: number("main"), filename: number("/app/main.ts") }],
    location: [{ id: 1, line: [{ functionId: 1, line: 1 }] }],
    sample: Array.from({ length: samples }, () => ({
      locationId: [1],
      value: [...values],
      label: labels.map(([key, num]) => ({ key: number(key), num })),
    })),
    comment: [comment],
    stringTable: strings,
  }).encode();
}

/** The bits of a float, as labels carry it. */
function bits(float: number): bigint {
  return new DataView(new Float64Array([float]).buffer).getBigInt64(0, true);
}

const LARGE = 2n ** 63n - 1024n;
/** Figures that no program has: `[values, labels]`. */
const ABSURD: Readonly<Record<string, Parameters<typeof ownProfile>>> = {
  "blocks alive": [[1, 8, LARGE, 8]],
  "blocks allocated": [[LARGE, 8, 1, 8]],
  "blocks at the peak": [[1, 8, 0, 0], { labels: [["peakCount", LARGE]] }],
  "blocks of many samples": [[2n ** 48n, 8, 1, 8], { samples: 40 }],
  "bytes alive": [[1, 8, 1, LARGE], { samples: 2 }],
  "bytes allocated": [[1, LARGE, 1, 8], { samples: 2 }],
  "bytes by a label": [
    [1, 8, 1, LARGE],
    {
      labels: [
        ["bytes", LARGE],
        ["exactSize", bits(1e300)],
      ],
    },
  ],
  "bytes allocated, by a label": [[1, LARGE, 1, 8], { labels: [["exactAllocatedSize", bits(1e300)]] }],
  "bytes of blocks at the peak": [
    [1, 8, 0, 0],
    {
      labels: [
        ["bytes", 2n ** 50n],
        ["peakCount", 2n ** 20n],
      ],
    },
  ],
};

for (const [what, parts] of Object.entries(ABSURD)) {
  test(`more ${what} than any program has are refused`, () => {
    const { message } = assertThrows(() => decodeSnapshot(ownProfile(...parts)), SnapshotFormatError);
    const most = what.startsWith("blocks") ? "2^53 blocks" : "2^63 bytes";
    assertMatch(
      message,
      new RegExp(`the samples come to [\\d.]+e\\+\\d+, .*more than the ${most.replace("^", "\\^")}`),
    );
  });
}

test("as much as the largest of programs can have had is read", () => {
  const { blocks } = decodeSnapshot(ownProfile([2n ** 50n, 2n ** 60n, 2n ** 40n, 2n ** 55n])).columns;
  assertEquals(
    [blocks.allocatedCount[0], blocks.allocatedSize[0], blocks.count[0], blocks.size[0]],
    [2 ** 50, 2 ** 60, 2 ** 40, 2 ** 15],
  );
});
