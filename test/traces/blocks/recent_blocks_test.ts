// Rows that were wanted lately are the rows that the tables have.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { RecentBlocks } from "../../../src/traces/blocks/recent_blocks.ts";

test("the rows of blocks are those of a table that looks them up each time, whatever is wanted in between", () => {
  const [plain, recent] = [new BlockTable(1), new RecentBlocks(1)];
  // Numbers that repeat after a while: far more rows than are kept, and sizes that are no 32-bit integers.
  const sizes = [0, 16, 24, 2 ** 31, 2 ** 40, 0.5];
  for (let i = 0; i < 60_000; i++) {
    const at = (i * 7919) % 9973;
    const row: [number, number, number, number] = [at % 911, at % 53, at % 3, sizes[i % sizes.length]!];
    assertEquals(recent.row(...row), plain.row(...row));
  }
  assertEquals(recent.nextId, plain.nextId);
  assert(recent.nextId > 20_000, `${recent.nextId} rows`);
  // Its own memory is counted.
  assertEquals(recent.parts.length, plain.parts.length + 1);
});
