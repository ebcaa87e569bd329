import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { pack, unpack } from "../../../src/report/html/packed.ts";
import { packModel, unpackModel } from "../../../src/report/html/packed_model.ts";
import { modelOf, snapshotOfRows } from "./models.ts";

/** Through JSON, as a page gets it. */
function reread<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const NUMBERS = [
  0,
  1,
  -1,
  15,
  16,
  -16,
  31,
  32,
  511,
  512,
  2 ** 29,
  2 ** 30 - 1,
  2 ** 30,
  -(2 ** 31),
  2 ** 32 + 1,
];

test("a column of integers is a text, and reads back as it was", () => {
  const column = [...NUMBERS, 2 ** 50, -(2 ** 50), 2 ** 50, 7, 7, 7];
  const packed = pack({ column });
  assertEquals(typeof packed.column, "string");
  assertEquals(reread(unpack(reread(packed))), { column });
  for (const number of NUMBERS) assertEquals(unpack(reread(pack({ column: [number] }))).column, [number]);
});

test("what is no integer, or too large, stays as it is, and so do single figures and columns that are missing", () => {
  const value = { columns: [[0.5, 1], [2 ** 50 + 2], null, []], sums: { rows: 3 } };
  assertEquals(reread(unpack(reread(pack(value)))), value);
});

test("a column takes less room than its numbers, and nothing that markup could end", () => {
  const column = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 5000);
  const text = JSON.stringify(pack(column));
  assert(text.length < JSON.stringify(column).length * 0.75, `${text.length}`);
  assert(/^"[A-Za-z0-9+/]*"$/.test(text), text);
});

test("columns are read when they are looked at, each once", () => {
  let reads = 0;
  const packed = pack({ a: [1, 2], b: [3] }, (_, path) => path);
  const value = unpack(packed, (path) => {
    reads++;
    return pack(path === "a" ? [1, 2] : [3]) as string;
  });
  assertEquals(reads, 0);
  assertEquals([value.a, value.a, reads], [[1, 2], [1, 2], 1]);
});

test("what the page shows first needs nothing of the later part; all else comes from there", () => {
  const rows = [
    { at: ["f a.ts:1", "g b.ts:2"], size: 8 },
    { at: ["f a.ts:1"], size: 16 },
  ];
  const held = {
    filename: "a.ts",
    lineno: 1,
    functionName: "f",
    count: 1,
    selfSize: 16,
    engineSize: 0,
    retainedSize: 16,
    paths: [],
  };
  const totals = { heapSize: 99, attributedSize: 16, engineSize: 0, otherSize: 83 };
  const metadata = { why: { totals, lines: [held], lineCount: 1, notes: [] } };
  const model = modelOf(snapshotOfRows(rows, metadata), snapshotOfRows(rows.slice(1)));
  const { first, later } = reread(packModel(model));
  const early = unpackModel(first, () => {
    throw new RangeError("not there yet");
  });
  const { frames, tree } = early;
  assertEquals(
    [frames.file, frames.line, frames.function],
    [model.frames.file, model.frames.line, model.frames.function],
  );
  assertEquals(
    [tree.parent, tree.frame, tree.entries.node],
    [model.tree.parent, model.tree.frame, model.tree.entries.node],
  );
  for (const column of [0, 8]) assertEquals(tree.entries.figures[column], model.tree.entries.figures[column]);
  assertThrows(() => early.tables.line.file, RangeError, "not there yet");
  assertThrows(() => early.sources, RangeError, "not there yet");
  assertThrows(() => early.held, RangeError, "not there yet");
  assertEquals(early.heldLines, 1);
  assertEquals(reread(unpackModel(first, () => later)), reread(model));
});
