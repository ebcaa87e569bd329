import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { SequenceTable } from "../../src/tables/sequence_table.ts";

test("equal sequences share a number, also when the table has grown", () => {
  const table = new SequenceTable();
  const expected = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const sequence = Int32Array.from({ length: i % 4 }, (_, at) => ((i * 7919 + at) % 613) - 300);
    const key = sequence.join();
    if (!expected.has(key)) expected.set(key, expected.size);
    assertEquals(table.intern(sequence), expected.get(key));
  }
  assertEquals(table.length, expected.size);
  for (const [key, id] of expected) {
    const { pool, offset } = table.columns();
    assertEquals(pool.subarray(offset[id], offset[id + 1]).join(), key);
  }
});

test("sequences with the same hash stay apart", () => {
  // Among 300,000 numbers of 32 bits ten pairs are alike, by chance.
  const table = new SequenceTable();
  let state = 1;
  for (let i = 0; i < 300_000; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    assertEquals(table.intern(Int32Array.of(state, Math.imul(state, state), i)), i);
  }
});

test("a part of an array is a sequence, too", () => {
  const table = new SequenceTable();
  const id = table.intern(Int32Array.of(5, 6));
  assertEquals(table.intern(Int32Array.of(4, 5, 6, 7), 1, 3), id);
  assertEquals([table.elementAt(id, 0), table.elementAt(id, 1)], [5, 6]);
  assertEquals(table.intern(Int32Array.of(), 0, 0), 1);
});
