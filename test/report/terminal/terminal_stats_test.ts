import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { terminalStats } from "../../../src/report/terminal/terminal_stats.ts";
import { displayWidth } from "../../../src/report/terminal/width.ts";
import { statsReport } from "../../../src/report/views/stats.ts";
import type { SnapshotColumns } from "../../../src/snapshot/model/columns.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { blocksAt, PLAIN, snapshotOf } from "../fixtures.ts";

/** 1,500 objects on line 1; on line 2 external bytes, of which 3 blocks are alive and 97 are not. */
function columns(types: readonly string[]): SnapshotColumns {
  return {
    frames: {
      filenames: ["app.ts"],
      functionNames: [""],
      filename: Int32Array.of(0, 0),
      lineno: Int32Array.of(1, 2),
      column: Int32Array.of(0, 0),
      functionName: Int32Array.of(0, 0),
      functionLine: Int32Array.of(0, 0),
    },
    tracebacks: {
      offset: Int32Array.of(0, 1, 2),
      frames: Int32Array.of(0, 1),
      totalNframe: Int32Array.of(1, 1),
    },
    blocks: {
      traceback: Int32Array.of(0, 1),
      type: Int32Array.of(0, 1),
      domain: Int32Array.of(0, 1),
      size: Float64Array.of(40, 4096),
      count: Float64Array.of(1500, 3),
      allocatedCount: Float64Array.of(2000, 100),
      allocatedSize: Float64Array.of(80000, 409600),
    },
    types,
    tracebackLimit: 1,
  };
}

test("terminalStats() shows totals, domains, types, sizes and allocators", () => {
  assertEquals(terminalStats(new Snapshot(columns(["Object", "ArrayBuffer"])), PLAIN), [
    "Live:       70.6 KiB in 1,503 blocks",
    "Allocated:  478 KiB in 2,100 blocks",
    "Tracebacks: 2 distinct, of at most 1 frame",
    "",
    "Domains",
    "                        live  blocks  allocated  blocks",
    "  0 objects         58.6 KiB   1,500   78.1 KiB   2,000",
    "  1 external bytes  12.0 KiB       3    400 KiB     100",
    "",
    "Types that hold the most memory",
    "                   live  blocks  allocated  blocks",
    "  Object       58.6 KiB   1,500   78.1 KiB   2,000",
    "  ArrayBuffer  12.0 KiB       3    400 KiB     100",
    "",
    "Sizes of live blocks",
    `      32 B to 64 B  1,500  ${"█".repeat(40)}`,
    "     64 B to 128 B      0",
    "    128 B to 256 B      0",
    "    256 B to 512 B      0",
    "   512 B to 1024 B      0",
    "  1024 B to 2048 B      0",
    "  2048 B to 4096 B      0",
    "  4096 B to 8192 B      3  █",
    "",
    "Lines that allocated the most bytes",
    "  #1: app.ts:2: 400 KiB, 100 blocks",
    "  #2: app.ts:1: 78.1 KiB, 2,000 blocks",
    "",
    "Lines that allocated the most blocks",
    "  #1: app.ts:1: 78.1 KiB, 2,000 blocks",
    "  #2: app.ts:2: 400 KiB, 100 blocks",
    "",
    "Lines that freed the most bytes again",
    "  #1: app.ts:2: 388 KiB, 97 of 100 blocks",
    "  #2: app.ts:1: 19.5 KiB, 500 of 2,000 blocks",
  ]);
});

test("terminalStats() fits the terminal and escapes types and files", () => {
  const hostile = `Evil\x1b[2J${"Name".repeat(40)}`;
  const lines = terminalStats(new Snapshot(columns([hostile, "클래스".repeat(30)])), {
    ...PLAIN,
    columns: 60,
  });
  for (const line of lines) assert(displayWidth(line) <= 60, line);
  assertFalse(lines.join("").includes("\x1b"));
});

test("terminalStats() of an empty snapshot has empty tables", () => {
  const lines = terminalStats(snapshotOf([]), PLAIN);
  assertEquals(lines[0], "Live:       0 B in 0 blocks");
  assertEquals(lines.filter((line) => line === "  none").length, 6);
});

test("statsReport() puts sizes into powers of two, both ends in their place", () => {
  const sizes = [0, 1, 2, 3, 4, 1023, 1024, 2 ** 40 - 1, 2 ** 40];
  const { histogram } = statsReport(snapshotOf(...sizes.map((size) => blocksAt(1, size, "a.ts:1"))));
  const filled = histogram
    .filter((bucket) => bucket.count > 0)
    .map(({ from, to, count }) => [from, to, count]);
  assertEquals(filled, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 4, 2],
    [4, 8, 1],
    [512, 1024, 1],
    [1024, 2048, 1],
    [2 ** 39, 2 ** 40, 1],
    [2 ** 40, 2 ** 41, 1],
  ]);
  assertEquals(histogram.length, 42);
});
