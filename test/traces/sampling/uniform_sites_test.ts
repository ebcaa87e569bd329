// Adaptive mode stops measuring the objects of a uniform site: what is counted stays right.
import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { clearTraces, type Statistic, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

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
  const list = Array.from({ length: 50 }, (_, i) => i), shapes = [{}, { a: 1 }, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }];
  export const copies = (n) => { for (let i = 0; i < n; i++) { [...list.slice(0, i % 50)]; ({ ...shapes[i % 3] }); } };
  export const point = (i) => new Point(i);
  export const Classes = { Point, Big };
`);
const { points, make, again, arrays, nested, copies, point } = program as Record<
  string,
  (...args: unknown[]) => void
>;
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

for (const nframe of [1, 25]) {
  test(`objects of many sizes are each measured (${nframe} frames)`, () => {
    for (const work of [() => arrays(COUNT), () => copies(COUNT)]) {
      const adaptive = figures(allocated("adaptive", work, nframe));
      assertEquals(adaptive, figures(allocated("exact", work, nframe)));
      assert(adaptive.some(([, count]) => count >= COUNT));
    }
  });
}

test("with one frame, what lines count for themselves is in every snapshot, and ends with its session", () => {
  const count = (): number =>
    takeSnapshot()
      .statistics("type")
      .find(({ key }) => key === "Point")?.allocatedCount ?? 0;
  for (const session of [1, 2]) {
    start({ sampling: "adaptive", nframe: 1, seed: 1 });
    try {
      let made = 0;
      for (const step of [3000, 1, 10, 5000, 100_000, 7]) {
        for (let i = 0; i < step; i++) point!(i);
        made += step;
        assertEquals([session, count()], [session, made]);
      }
      clearTraces();
      for (let i = 0; i < 300; i++) point!(i);
      assertEquals(count(), 300);
    } finally {
      stop();
    }
    for (let i = 0; i < 300; i++) point!(i);
  }
});

test("with one frame, a line that stops making what it made is found out by one that is followed", () => {
  const found = allocated("adaptive", () => {
    make!(Point, COUNT);
    make!(Date, 100);
    make!(Point, COUNT);
    make!(Date, COUNT);
  });
  const [ofPoint, ofDate] = ["Point", "Date"].map((key) => found.get(key)!.allocatedCount);
  assertEquals(ofPoint! + ofDate!, 3 * COUNT + 100);
  assertAlmostEquals(ofDate!, COUNT + 100, 200);
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
