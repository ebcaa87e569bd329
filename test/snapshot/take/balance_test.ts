import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { balance } from "../../../src/snapshot/take/balance.ts";

function assertNear(found: ArrayLike<number>, expected: readonly number[]): void {
  assertEquals(found.length, expected.length);
  for (const [i, value] of expected.entries())
    assert(Math.abs(found[i]! - value) < 0.01, `${[...Array.from(found)]}, expected ${expected}`);
}

test("rows and columns come to what they shall, and what is known of a row stays", () => {
  // Of the first row little is known, the second is of the second column alone.
  const rows = [2000, 1000];
  const fitted = balance([Float64Array.of(3, 1), Float64Array.of(0.0001, 50)], rows, [0.5, 0.5]);
  for (const row of fitted) assertNear([row[0]! + row[1]!], [1]);
  assertNear([fitted[0]![0]! * 2000 + fitted[1]![0]! * 1000], [1500]);
  assertNear(fitted[1]!, [0, 1]);
  assertNear(fitted[0]!, [0.75, 0.25]);
});

test("nothing at all, rows without blocks, and tables that are too large are fitted as far as can be", () => {
  assertEquals(balance([], [], []), []);
  assertNear(balance([Float64Array.of(1, 3)], [0], [0.5, 0.5])[0]!, [0.5, 0.5]);
  const many = Array.from({ length: 5000 }, () => new Float64Array(256).fill(1));
  assertNear(
    [balance(many, new Float64Array(5000).fill(1), new Float64Array(256).fill(1 / 256))[0]![0]!],
    [1 / 256],
  );
});
