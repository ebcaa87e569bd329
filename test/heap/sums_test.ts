import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { addTo } from "../../src/heap/sums.ts";

test("what is added under a key adds up, from nothing on", () => {
  const sums = new Map<number, number>();
  for (const [key, amount] of [
    [1, 2],
    [3, 0.5],
    [1, -5],
  ] as const)
    addTo(sums, key, amount);
  assertEquals(
    [...sums],
    [
      [1, -3],
      [3, 0.5],
    ],
  );
});
