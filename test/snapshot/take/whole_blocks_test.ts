// Estimates of blocks become whole numbers, and what they add up to does not change.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { wholeBlocks } from "../../../src/snapshot/take/whole_blocks.ts";
import { instrumentedFile } from "../../instrumented_file.ts";

const sum = (list: ArrayLike<number>): number => Array.from(list).reduce((all, one) => all + one, 0);

test("the sum of a line's rows is right, whatever each is rounded to", () => {
  const count = 1000;
  const column = (of: (row: number) => number): number[] =>
    Array.from({ length: count }, (_, row) => of(row));
  const rows = {
    path: column((row) => row),
    site: column((row) => 1 + (row % 3)),
    type: column((row) => row % 2),
    size: column((row) => 8 + row),
    live: column((row) => (row % 5 === 0 ? 0 : 8.53)),
    allocated: column(() => 8.53),
    peak: column((row) => (row % 5 === 0 ? 0 : 8.53)),
  };
  const [whole] = wholeBlocks([rows]);
  assert([...Array.from(whole!.live), ...Array.from(whole!.allocated)].every(Number.isInteger));
  assertEquals(Array.from(whole!.peak!), Array.from(whole!.live));
  for (const site of [1, 2, 3]) {
    for (const name of ["live", "allocated"] as const) {
      const of = (list: ArrayLike<number>): number =>
        sum(Array.from(list).filter((_, row) => rows.site[row] === site));
      // Two types, and of what was allocated the living and the dead.
      assert(Math.abs(of(whole![name]) - of(rows[name])) <= 2, `${site}: ${name}`);
    }
  }
  for (let row = 0; row < count; row++) assert(whole!.live[row]! <= whole!.allocated[row]!);
});

test("rows that hold more than they were allocated, as those of paths do, leave no row and no sum below zero", () => {
  // As `spreadPaths` has them: what a path has made in one row, what is alive of that in another.
  const count = 999;
  const column = (...values: number[]): number[] =>
    Array.from({ length: count }, (_, row) => values[row % values.length]!);
  const rows = {
    path: column(1, 1, 2),
    site: column(1),
    type: column(0),
    size: column(8),
    live: column(0, 8.53, 0.3),
    allocated: column(9.47, 0, 0.3),
    peak: column(0, 8.53, 0.3),
  };
  const [whole] = wholeBlocks([rows]);
  for (const name of ["live", "allocated", "peak"] as const) {
    const list = Array.from(whole![name]!);
    assert(
      list.every((value) => Number.isInteger(value) && value >= 0),
      `${name}: ${Math.min(...list)}`,
    );
    assert(Math.abs(sum(list) - sum(rows[name])) <= 2, `${name}: ${sum(list)}, of ${sum(rows[name])}`);
  }
  assertEquals(Array.from(whole!.peak!), Array.from(whole!.live));
});

test("rows that are whole stay the same rows", () => {
  const parts = [{ path: [0], site: [1], type: [0], size: [8], live: [3], allocated: [4] }];
  assertEquals(wholeBlocks(parts) === parts, true);
});

test("a line whose samples have a row each is not said to have made a twentieth more than it did", async () => {
  // Every array has a size of its own: each sample is a row, and stands for 8.5 of them.
  const { make } = await instrumentedFile(
    `export const make = (lists, kept) => { for (const list of lists)
  kept.push(Array.from(list));
};`,
    { calls: false },
  );
  const lists = Array.from({ length: 2000 }, (_, i) => new Array(100 + i).fill(0));
  const kept: unknown[] = [];
  start({ sampling: 2 ** 16, nframe: 1, seed: 1 });
  try {
    make(lists, kept);
    const { blocks } = currentSession()!;
    const estimate = sum(blocks.allocated.copy());
    const snapshot = takeSnapshot();
    const [line] = snapshot.statistics("lineno");
    assert(Math.abs(line!.allocatedCount - estimate) <= 2, `${line!.allocatedCount}, estimated ${estimate}`);
    assertEquals(line!.count, line!.allocatedCount);
    assertEquals(snapshot.traces.length, line!.count);
  } finally {
    stop();
  }
});
