import fc from "fast-check";
import type { SnapshotColumns } from "../../../src/snapshot/model/columns.ts";

/** A row in plain values, as a test compares it: columns may number the same things differently. */
export interface PlainRow {
  readonly frames: readonly (readonly [string, number, number, string, number])[];
  readonly totalNframe: number;
  readonly type: string;
  readonly domain: number;
  readonly size: number;
  readonly count: number;
  readonly allocatedCount: number;
  readonly allocatedSize: number;
}

export function toColumns(rows: readonly PlainRow[], tracebackLimit = 25): SnapshotColumns {
  const filenames: string[] = [];
  const functionNames: string[] = [];
  const types: string[] = [];
  const number = (list: string[], name: string): number => {
    const index = list.indexOf(name);
    return index === -1 ? list.push(name) - 1 : index;
  };
  const frames = rows.flatMap((row) => row.frames);
  let frameCount = 0;
  const ints = (values: number[]): Int32Array => Int32Array.from(values);
  return {
    frames: {
      filename: ints(frames.map((frame) => number(filenames, frame[0]))),
      lineno: ints(frames.map((frame) => frame[1])),
      column: ints(frames.map((frame) => frame[2])),
      functionName: ints(frames.map((frame) => number(functionNames, frame[3]))),
      functionLine: ints(frames.map((frame) => frame[4])),
      filenames,
      functionNames,
    },
    tracebacks: {
      offset: ints([0, ...rows.map((row) => (frameCount += row.frames.length))]),
      frames: ints(frames.map((_, i) => i)),
      totalNframe: ints(rows.map((row) => row.totalNframe)),
    },
    blocks: {
      traceback: ints(rows.map((_, i) => i)),
      type: ints(rows.map((row) => number(types, row.type))),
      domain: ints(rows.map((row) => row.domain)),
      size: Float64Array.from(rows, (row) => row.size),
      count: Float64Array.from(rows, (row) => row.count),
      allocatedCount: Float64Array.from(rows, (row) => row.allocatedCount),
      allocatedSize: Float64Array.from(rows, (row) => row.allocatedSize),
    },
    types,
    tracebackLimit,
  };
}

export function toRows({ blocks, frames, tracebacks, types }: SnapshotColumns): PlainRow[] {
  const frame = (i: number): PlainRow["frames"][number] => [
    frames.filenames[frames.filename[i]],
    frames.lineno[i],
    frames.column[i],
    frames.functionNames[frames.functionName[i]],
    frames.functionLine[i],
  ];
  return Array.from(blocks.traceback, (traceback, row) => ({
    frames: Array.from(
      tracebacks.frames.subarray(tracebacks.offset[traceback], tracebacks.offset[traceback + 1]),
      frame,
    ),
    totalNframe: tracebacks.totalNframe[traceback],
    type: types[blocks.type[row]],
    domain: blocks.domain[row],
    size: blocks.size[row],
    count: blocks.count[row],
    allocatedCount: blocks.allocatedCount[row],
    allocatedSize: blocks.allocatedSize[row],
  }));
}

export const APP_ROWS: readonly PlainRow[] = [
  {
    frames: [
      ["/app/main.ts", 3, 1, "<module>", 0],
      ["/app/cache.ts", 41, 17, "Cache.put", 38],
    ],
    totalNframe: 2,
    type: "Array",
    domain: 0,
    size: 48,
    count: 1000,
    allocatedCount: 5000,
    allocatedSize: 240000,
  },
  {
    frames: [["/app/main.ts", 7, 9, "<anonymous>", 6]],
    totalNframe: 31,
    type: "Map",
    domain: 16,
    size: 2 ** 53,
    count: 12.625,
    allocatedCount: 100.1,
    allocatedSize: 1e18,
  },
  {
    frames: [],
    totalNframe: -1,
    type: "",
    domain: 2,
    size: 0,
    count: 0,
    allocatedCount: 3,
    allocatedSize: 0.5,
  },
];

const text = fc.oneof(
  fc.constantFrom(
    "",
    "/app/a.ts",
    "<unknown>",
    "__proto__",
    "a\u0000\u001b[31m\n\tb",
    "名前 😀",
    "\uFEFFbom",
    "bytes",
  ),
  fc.string({ unit: "binary" }),
);
const line = fc.oneof(fc.nat(200), fc.nat(2 ** 31 - 1));
/** Up to `most`, and figures that are no integers, or hard for one that has 32 or 53 bits. */
const figure = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat(1000),
    fc.constantFrom(
      ...[
        0,
        0.5,
        127,
        128,
        2 ** 31,
        2 ** 32 - 1,
        2 ** 32,
        2 ** 53 - 1,
        2 ** 53,
        2 ** 58,
        most,
        5e-324,
      ].filter((one) => one <= most),
    ),
    fc.maxSafeNat().map((value) => value % most),
    fc.double({ min: 0, max: most, noNaN: true }).map((value) => value + 0),
  );

const rowParts = {
  frames: fc.array(fc.tuple(text, line, line, text, line), { maxLength: 30 }),
  totalNframe: fc.oneof(fc.constant(-1), fc.nat(70000)),
  type: text,
  domain: fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1)),
  size: figure(2 ** 53),
  count: figure(2 ** 47),
  allocatedCount: figure(2 ** 47),
  allocatedSize: figure(2 ** 58),
};

/** Twenty of them come to no more than is read: 2 ** 53 blocks, 2 ** 63 bytes. */
export const anyRow: fc.Arbitrary<PlainRow> = fc
  .record(rowParts, { noNullPrototype: true })
  .map((row) => (row.size * row.count > 2 ** 57 ? { ...row, count: row.count % 8 } : row));
