// What a look at the heap found on a line, beside what is counted in domains of its own.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { shareBeside } from "../../src/heap/beside_resources.ts";
import { sizeOfSuspended } from "../../src/track/resources/resource_sizes.ts";

const CALL = sizeOfSuspended(false);

const found = [
  { line: "1 a.ts", bytes: 600, suspended: 0 },
  { line: "1 a.ts", bytes: 400, suspended: 0 },
  { line: "2 a.ts", bytes: 50, suspended: 0 },
];

test("what is counted in domains of its own is taken off its line, as far as it was found there", () => {
  const all = new Map([
    ["1 a.ts", 250],
    ["2 a.ts", 80],
  ]);
  const share = shareBeside(found, { all, suspended: new Map() });
  assertEquals([share("1 a.ts"), share("2 a.ts"), share("3 a.ts")], [0.75, 0, 1]);
});

test("a call that waits and was found with what holds it on another line is taken off there", () => {
  const waits = new Map([["9 a.ts", CALL]]);
  const holder = [{ line: "1 a.ts", bytes: 4 * CALL, suspended: 1 }, ...found.slice(2)];
  const share = shareBeside(holder, { all: waits, suspended: waits });
  assertEquals([share("1 a.ts"), share("2 a.ts")], [0.75, 1]);
  // Where none was found elsewhere, nobody has less.
  assertEquals(shareBeside(found, { all: waits, suspended: waits })("1 a.ts"), 1);
  // Both are of the one line.
  const own = new Map([["1 a.ts", 2 * CALL]]);
  assertEquals(shareBeside([{ ...holder[0], suspended: 2 }], { all: own, suspended: own })("1 a.ts"), 0.5);
});
