// Adaptive mode stops asking the objects of a line what they are, once they were all alike: what is counted stays right.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { type Statistic, start, stop, takeSnapshot } from "../../mod.ts";
import { instrumented } from "../instrumented.ts";

const COUNT = 10_000;

const program = await instrumented(`
  class Point { constructor(x) { this.x = x; } }
  class Big { constructor(x) { this.x = x; this.y = x; this.z = x; this.a = x; this.b = x; this.c = x; } }
  const one = new Point(0);
  function Again(x) { if (x >= ${COUNT / 2}) return one; this.x = x; }
  export const points = (n) => { for (let i = 0; i < n; i++) new Point(i); };
  export const make = (Class, n) => { for (let i = 0; i < n; i++) new Class(i); };
  export const again = (n) => { for (let i = 0; i < n; i++) new Again(i); };
  export const arrays = (n) => { for (let i = 0; i < n; i++) new Array(i % 100); };
  export const nested = (n) => { for (let i = 0; i < n; i++) ({ a: [], f() {}, g: () => i }); };
  export const Classes = { Point, Big };
`);
const { points, make, again, arrays, nested } = program as Record<string, (...args: unknown[]) => void>;
const { Point, Big } = program.Classes as Record<string, unknown>;

/** The statistics by type of what is allocated meanwhile. */
function allocated(sampling: "exact" | "adaptive", work: () => void, nframe = 1): Map<string, Statistic> {
  start({ sampling, nframe, seed: 1 });
  try {
    work();
    return new Map(
      takeSnapshot()
        .statistics("type")
        .map((statistic) => [statistic.key, statistic]),
    );
  } finally {
    stop();
  }
}

const figures = (statistics: Map<string, Statistic>): [string, number, number][] =>
  [...statistics.values()]
    .map(({ key, allocatedCount, allocatedSize }): [string, number, number] => [
      key,
      allocatedCount,
      allocatedSize,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));

for (const nframe of [1, 25]) {
  test(`instances, literals and their closures are counted as in exact mode (${nframe} frames)`, () => {
    for (const work of [() => points(COUNT), () => nested(COUNT)]) {
      const adaptive = allocated("adaptive", work, nframe);
      assertEquals(figures(adaptive), figures(allocated("exact", work, nframe)));
      assert(figures(adaptive).some(([, count]) => count === COUNT));
    }
  });
}

test("objects of many sizes are each measured", () => {
  assertEquals(
    figures(allocated("adaptive", () => arrays(COUNT))),
    figures(allocated("exact", () => arrays(COUNT))),
  );
});

test("a line that changes to another class is found out by one that is followed", () => {
  const found = allocated("adaptive", () => {
    make(Point, COUNT);
    make(Big, COUNT);
  });
  const [small, big] = ["Point", "Big"].map((key) => found.get(key)!.allocatedCount);
  assertEquals(small! + big!, 2 * COUNT);
  // At one in eight by then, the next one that is followed comes within two strata.
  assert(big! > COUNT - 64, `${big} of ${COUNT}`);
});

test("a constructor that begins to give an old object back is found out, too", () => {
  const found = allocated("adaptive", () => again(COUNT));
  assertEquals(found.get("Again")!.allocatedCount, COUNT / 2);
  // The old one, of before start(), is not known before it has been followed itself.
  const { allocatedCount } = found.get("Point") ?? { allocatedCount: 0 };
  assert(allocatedCount < 64, String(allocatedCount));
});
