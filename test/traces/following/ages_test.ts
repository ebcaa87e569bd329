import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { Ages, ageOf } from "../../../src/traces/following/ages.ts";
import { ExactSampler } from "../../../src/traces/sampling/exact_sampler.ts";

test("ages are powers of two, in seconds", () => {
  assertEquals([0, 0.99, 1, 1.99, 2, 3.99, 4, 7.9, 8, 1000].map(ageOf), [0, 0, 1, 1, 2, 2, 3, 3, 4, 10]);
  assertEquals([2 ** 22, 2 ** 23, 2 ** 40, Number.POSITIVE_INFINITY].map(ageOf), [23, 23, 23, 23]);
});

/** A table with a row for each of two sites. */
function tableOf(): { blocks: BlockTable; rows: [number, number] } {
  const blocks = new BlockTable(1);
  const type = blocks.typeOf("Object", 0);
  return { blocks, rows: [blocks.row(0, 5, type, 40), blocks.row(0, 6, type, 40)] };
}

test("each line's blocks are told by age; of many, some stand for all", () => {
  const { blocks, rows } = tableOf();
  const ages = new Ages(blocks, new ExactSampler(), 1);
  const kept: object[] = [];
  const note = (row: number, count: number): void => {
    for (let i = 0; i < count; i++) {
      const object = {};
      kept.push(object);
      ages.note(object, row, 0);
    }
  };
  note(rows[0], 10);
  note(rows[1], 20_000);
  const now = performance.now();
  const young = ages.bySite(now);
  assertEquals([...young.keys()].sort(), [5, 6]);
  assertEquals(young.get(5)![0], 10);
  // Stratified: what lives evenly is nearly exact.
  assert(Math.abs(young.get(6)![0]! - 20_000) < 300, `${young.get(6)![0]}`);
  const later = ages.bySite(now + 100_000);
  assertEquals([later.get(5)![0], later.get(5)![7]], [0, 10]);
  assert(ages.bytes < 100_000, `${ages.bytes} bytes`);
  assertEquals(kept.length, 20_010);
});
