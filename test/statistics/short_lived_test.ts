import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { collect, DomainFilter, Filter, ShortLived, Snapshot, start, stop, takeSnapshot } from "../../mod.ts";
import type { SnapshotColumns } from "../../src/snapshot/model/columns.ts";
import { instrumented } from "../instrumented.ts";

const TYPES = ["Object", "Array", "string"] as const;

type Row = readonly [line: number, type: (typeof TYPES)[number], size: number, alive: number, made: number];

/** A snapshot of rows of `app.ts`; line 9 is called by line 1. */
function snapshotOf(...rows: Row[]): Snapshot {
  const lines = [...new Set([1, ...rows.map(([line]) => line)])];
  const zeros = lines.map(() => 0);
  const offset = [0];
  const frames: number[] = [];
  for (const line of lines) {
    if (line === 9) frames.push(0);
    frames.push(lines.indexOf(line));
    offset.push(frames.length);
  }
  const columns: SnapshotColumns = {
    frames: {
      filenames: ["app.ts"],
      functionNames: ["main"],
      filename: Int32Array.from(zeros),
      lineno: Int32Array.from(lines),
      column: Int32Array.from(zeros),
      functionName: Int32Array.from(zeros),
      functionLine: Int32Array.from(zeros),
    },
    tracebacks: {
      offset: Int32Array.from(offset),
      frames: Int32Array.from(frames),
      totalNframe: Int32Array.from(lines, () => -1),
    },
    blocks: {
      traceback: Int32Array.from(rows, ([line]) => lines.indexOf(line)),
      type: Int32Array.from(rows, ([, type]) => TYPES.indexOf(type)),
      domain: Int32Array.from(rows, ([, type]) => (type === "string" ? 2 : 0)),
      size: Float64Array.from(rows, ([, , size]) => size),
      count: Float64Array.from(rows, ([, , , alive]) => alive),
      allocatedCount: Float64Array.from(rows, ([, , , , made]) => made),
      allocatedSize: Float64Array.from(rows, ([, , size, , made]) => size * made),
    },
    types: TYPES,
    tracebackLimit: 25,
  };
  return new Snapshot(columns);
}

const texts = (list: readonly ShortLived[]): string[] => list.map(String);

test("what died comes first where the most bytes died, and what lives is not there", () => {
  const snapshot = snapshotOf(
    [2, "Object", 100, 1000, 1000],
    [3, "Object", 40, 4, 1004],
    [4, "Array", 32, 0, 10_000],
    [5, "Array", 32, 0, 0],
  );
  assertEquals(texts(snapshot.shortLived("lineno")), [
    "app.ts:4: freed=312 KiB of 312 KiB, count=10000 of 10000, average=32 B",
    "app.ts:3: freed=39.1 KiB of 39.2 KiB, count=1000 of 1004, average=40 B",
  ]);
  const [first, second, ...others] = snapshot.shortLived("type");
  assert(first instanceof ShortLived);
  assertEquals(
    [first.key, first.freedSize, first.freedCount, first.traceback.length],
    ["Array", 320_000, 10_000, 0],
  );
  assertEquals(
    [second!.key, second!.freedSize, second!.allocatedCount, others],
    ["Object", 40_000, 2004, []],
  );
});

test("a container that has grown does not hide what died beside it", () => {
  // One of 1,001 arrays lives; it is in a row of its present size, which was allocated in none.
  const snapshot = snapshotOf([3, "Array", 32, 0, 1001], [3, "Array", 800_000, 1, 0]);
  assertEquals(texts(snapshot.shortLived("lineno")), [
    "app.ts:3: freed=31.2 KiB of 31.3 KiB, count=1000 of 1001, average=32 B",
  ]);
});

test("strings are left out, and estimates that come out too high", () => {
  const snapshot = snapshotOf([3, "string", 100, 0, 500], [4, "Object", 40, 130.7, 100]);
  assertEquals(snapshot.shortLived("lineno"), []);
  assertEquals(snapshot.filterTraces([new DomainFilter(true, 2)]).shortLived("type"), []);
});

test("cumulative: every frame of the traceback is charged; filters apply", () => {
  const snapshot = snapshotOf([9, "Object", 10, 0, 5], [2, "Object", 10, 0, 3]);
  const keys = (list: readonly ShortLived[]): [string, number][] =>
    list.map(({ key, freedSize }) => [key, freedSize]);
  assertEquals(keys(snapshot.shortLived("lineno")), [
    ["app.ts:9", 50],
    ["app.ts:2", 30],
  ]);
  assertEquals(keys(snapshot.shortLived("lineno", true)), [
    ["app.ts:9", 50],
    ["app.ts:1", 50],
    ["app.ts:2", 30],
  ]);
  const filtered = snapshot.filterTraces([new Filter(true, "app.ts", { lineno: 2 })]);
  assertEquals(keys(filtered.shortLived("lineno")), [["app.ts:2", 30]]);
  assertThrows(() => snapshot.shortLived("traceback", true), RangeError);
  assertThrows(() => snapshot.shortLived("color" as "type"), RangeError, "color");
});

test("it survives a dump", () => {
  const snapshot = snapshotOf([2, "Object", 100, 10, 1000], [3, "Array", 64, 1, 2]);
  assertEquals(
    texts(Snapshot.fromBytes(snapshot.toBytes()).shortLived("lineno")),
    texts(snapshot.shortLived("lineno")),
  );
});

test("a program's own: the line whose objects die is told from the line whose objects live", async () => {
  const { run } = await instrumented(`export function run(kept) {
    for (let i = 0; i < 5000; i++) {
      kept.push({ i });
      const gone = { i, twice: [i, i] };
      if (gone.twice.length === 0) kept.push(gone);
    }
  }`);
  const kept: object[] = [];
  start({ builtins: false });
  try {
    run(kept);
    await collect();
    const lines = takeSnapshot().shortLived("lineno");
    assertEquals(
      lines.map(({ traceback, freedCount, allocatedCount }) => [
        traceback.at(-1)!.lineno,
        freedCount,
        allocatedCount,
      ]),
      [[4, 10_000, 10_000]],
    );
    assertEquals(kept.length, 5000);
  } finally {
    stop();
  }
});
