import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Profile, type ProfileInput, StringTable } from "pprof-format";
import { decodeSnapshot } from "../../../src/snapshot/pprof/load.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";
import { toRows } from "../model/columns_fixture.ts";

interface Shape {
  sampleTypes: string[];
  samples: { at: number[]; values: (number | bigint)[]; bytes?: number; labels?: Record<string, string> }[];
  comments?: string[];
}

/** A program of three functions; location 3 is `inner` inlined into `outer`. */
function profile({ sampleTypes, samples, comments = [] }: Shape, more: ProfileInput = {}): Uint8Array {
  const strings = new StringTable();
  const s = (text: string): number => strings.dedup(text);
  const fn = (id: number, name: string, filename: string, startLine: number) => {
    return { id, name: s(name), systemName: s(`sys.${name}`), filename: s(filename), startLine };
  };
  return new Profile({
    sampleType: sampleTypes.map((type) => ({ type: s(type.split("/")[0]), unit: s(type.split("/")[1]) })),
    sample: samples.map(({ at, values, bytes, labels = {} }) => ({
      locationId: at,
      value: values,
      label: [
        ...(bytes === undefined ? [] : [{ key: s("bytes"), num: bytes, numUnit: s("bytes") }]),
        ...Object.entries(labels).map(([key, str]) => ({ key: s(key), str: s(str) })),
      ],
    })),
    mapping: [{ id: 1, filename: s("/bin/app"), memoryStart: 4096, memoryLimit: 8192 }],
    location: [
      { id: 1, mappingId: 1, address: 4196, line: [{ functionId: 1, line: 12 }] },
      { id: 2, mappingId: 1, address: 4296, line: [{ functionId: 2, line: 22 }] },
      {
        id: 3,
        mappingId: 1,
        address: 4396,
        line: [
          { functionId: 3, line: 32 },
          { functionId: 2, line: 23 },
        ],
      },
      { id: 4, mappingId: 1, address: 0x1234 },
      { id: 5, mappingId: 1, address: 4999, line: [{ functionId: 1, line: 12 }] },
    ],
    function: [
      fn(1, "main.main", "/go/main.go", 10),
      fn(2, "main.outer", "/go/main.go", 20),
      fn(3, "", "", 0),
    ],
    comment: comments.map(s),
    stringTable: strings,
    ...more,
  }).encode();
}

const GO = ["alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"];
const MAIN = ["/go/main.go", 12, 0, "main.main", 10] as const;
const OUTER = ["/go/main.go", 22, 0, "main.outer", 20] as const;

test("a heap profile in Go's shape, gzipped", () => {
  const bytes = profile(
    {
      sampleTypes: GO,
      samples: [
        { at: [2, 1], values: [10, 1000, 4, 400], bytes: 100 },
        { at: [3, 1], values: [3, 10, 3, 10], bytes: 3 },
        { at: [1], values: [5, 80, 0, 0], bytes: 16 },
      ],
      comments: ["hello"],
    },
    { timeNanos: 1_700_000_000_000_000_000n },
  );
  const { columns, metadata } = decodeSnapshot(gzipSync(bytes));
  const unknown = { type: "<unknown>", domain: 0, totalNframe: -1 };
  assertEquals(toRows(columns), [
    { ...unknown, frames: [MAIN, OUTER], size: 100, count: 4, allocatedCount: 10, allocatedSize: 1000 },
    {
      ...unknown,
      // Inlined: the first line of a location is the innermost.
      frames: [MAIN, ["/go/main.go", 23, 0, "main.outer", 20], ["<unknown>", 32, 0, "sys.", 0]],
      size: 10 / 3,
      count: 3,
      allocatedCount: 3,
      allocatedSize: 10,
    },
    { ...unknown, frames: [MAIN], size: 16, count: 0, allocatedCount: 5, allocatedSize: 80 },
  ]);
  assertEquals(columns.tracebackLimit, 3);
  assertEquals(metadata, { sampleTypes: GO, time: 1_700_000_000_000, comments: ["hello"] });
});

test("a heap profile in Datadog's and V8's shape: what lives is the least that was allocated", () => {
  const bytes = profile({
    sampleTypes: ["objects/count", "space/bytes"],
    samples: [{ at: [2, 1], values: [4, 400] }],
  });
  const [row] = toRows(decodeSnapshot(bytes).columns);
  assertEquals([row.size, row.count, row.allocatedCount, row.allocatedSize], [100, 4, 4, 400]);
});

test("sample types count by name and unit, in any order, among others", () => {
  const bytes = profile({
    sampleTypes: [
      "inuse_space/bytes",
      "cpu/nanoseconds",
      "alloc_space/bytes",
      "inuse_objects/count",
      "inuse_space/count",
    ],
    samples: [{ at: [1], values: [400, -5, 900, 4, 77] }],
  });
  const [row] = toRows(decodeSnapshot(bytes).columns);
  assertEquals([row.size, row.count, row.allocatedSize], [100, 4, 900]);
});

test("where objects and bytes contradict each other, the bytes stay true", () => {
  const figures = (values: number[]): number[] => {
    const bytes = profile({ sampleTypes: GO, samples: [{ at: [1], values: [9, 99, ...values] }] });
    const [row] = toRows(decodeSnapshot(bytes).columns);
    return [row.size, row.count, row.allocatedCount, row.allocatedSize];
  };
  assertEquals(figures([0, 50]), [50, 1, 9, 99]);
  assertEquals(figures([5, 0]), [0, 5, 9, 99]);
  assertEquals(figures([0, 0]), [11, 0, 9, 99]);
});

test("a single figure is enough", () => {
  const figures = (type: string): number[] => {
    const [row] = toRows(
      decodeSnapshot(profile({ sampleTypes: [type], samples: [{ at: [1], values: [6] }] })).columns,
    );
    return [row.size, row.count, row.allocatedCount, row.allocatedSize];
  };
  assertEquals(figures("space/bytes"), [6, 1, 1, 6]);
  assertEquals(figures("objects/count"), [0, 6, 6, 0]);
  assertEquals(figures("alloc_space/bytes"), [0, 0, 1, 6]);
  assertEquals(figures("alloc_objects/count"), [0, 0, 6, 0]);
});

test("samples of the same lines, type and size become one row", () => {
  const bytes = profile({
    sampleTypes: GO,
    samples: [
      { at: [1], values: [1, 8, 1, 8] },
      { at: [1], values: [1, 8, 1, 8], labels: { type: "Map" } },
      { at: [5], values: [3, 24, 2, 16] },
      { at: [5], values: [1, 9, 1, 9] },
    ],
  });
  const { columns } = decodeSnapshot(bytes);
  assertEquals(
    toRows(columns).map(({ type, size, count, allocatedCount }) => [type, size, count, allocatedCount]),
    [
      ["<unknown>", 8, 3, 4],
      ["Map", 8, 1, 1],
      ["<unknown>", 9, 1, 1],
    ],
  );
  assertEquals(columns.tracebacks.totalNframe.length, 1);
});

test("a location without lines shows its binary and address", () => {
  const bytes = profile({ sampleTypes: GO, samples: [{ at: [4], values: [1, 1, 1, 1] }] });
  assertEquals(toRows(decodeSnapshot(bytes).columns)[0].frames, [["/bin/app", 0, 0, "0x1234", 0]]);
});

test("ids may be any 64-bit numbers, and values above 2^53 are rounded", () => {
  const large = 2n ** 64n - 1n;
  const strings = new StringTable();
  const type = { type: strings.dedup("space"), unit: strings.dedup("bytes") };
  const bytes = new Profile({
    sampleType: [type],
    function: [
      { id: large, name: strings.dedup("a") },
      { id: large - 1n, name: strings.dedup("b") },
    ],
    location: [
      { id: large, line: [{ functionId: large - 1n, line: 1 }] },
      { id: large - 1n, line: [{ functionId: large, line: 2 }] },
    ],
    sample: [{ locationId: [large, large - 1n], value: [2n ** 61n - 1n] }],
    stringTable: strings,
  }).encode();
  const [row] = toRows(decodeSnapshot(bytes).columns);
  assertEquals(
    row.frames.map(([, line, , name]) => [line, name]),
    [
      [2, "a"],
      [1, "b"],
    ],
  );
  assertEquals(row.size, 2 ** 61);
});

test("a profile without objects or bytes is refused, and told what it has", () => {
  const bytes = profile({ sampleTypes: ["samples/count", "cpu/nanoseconds"], samples: [] });
  const error = assertThrows(
    () => decodeSnapshot(bytes, { filename: "cpu.pb" }),
    SnapshotFormatError,
    "cpu.pb",
  );
  assert(error.message.includes('"samples/count", "cpu/nanoseconds"'));
});

test("a difference of profiles is refused", () => {
  const bytes = profile({ sampleTypes: GO, samples: [{ at: [1], values: [1, 1, -1n, 1] }] });
  assertThrows(() => decodeSnapshot(bytes), SnapshotFormatError, "-1");
});

test("labels of other tools that only sound like ours do no harm", () => {
  const labels = { domain: "example.org", totalNframe: "x", exactCount: "y" };
  const bytes = profile({ sampleTypes: GO, samples: [{ at: [1], values: [1, 8, 1, 8], bytes: -8, labels }] });
  const [row] = toRows(decodeSnapshot(bytes).columns);
  assertEquals([row.domain, row.totalNframe, row.count, row.size], [0, -1, 1, 8]);
});
