import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { isWorthALook, LookBudget } from "../../src/heap/look_budget.ts";

/** How many looks of so many ms are had by whoever wants one every `between` ms of an hour. */
function looksInAnHour(took: number, between: number): number {
  const budget = new LookBudget();
  let looks = 0;
  for (let now = 0; now < 3_600_000; now += between) {
    if (!budget.mayLook(now)) continue;
    budget.spend(took);
    now += took;
    looks++;
  }
  return looks;
}

test("who seldom wants to look at the heap always may", () => {
  assertEquals(looksInAnHour(500, 60_000), 60);
});

test("who wants to look all the time may for a tenth of it, besides the first ten seconds", () => {
  const looks = looksInAnHour(500, 100);
  assert(looks > 700 && looks < 745, `${looks}`);
});

test("the first looks may follow one another at once", () => {
  const budget = new LookBudget();
  for (let i = 0; i < 20; i++) {
    assert(budget.mayLook(500 * i), `look ${i}`);
    budget.spend(500);
  }
});

test("a heap that lost as much code as the program's objects came to take is looked at anew", () => {
  const last = { used: 13_000_000, traced: 1_000_000 };
  assertEquals(isWorthALook(last, { used: 13_010_000, traced: 1_600_000 }), true);
  assertEquals(isWorthALook(last, { used: 13_100_000, traced: 1_000_000 }), true);
  assertEquals(isWorthALook(last, { used: 13_010_000, traced: 1_001_000 }), false);
});
