import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { GrowthWatch, lookEvery } from "../../../plugin/control/growth_watch.ts";

const MIB = 2 ** 20;
const RULE = { share: 0.2, window: 300 };

/** Looks every five seconds at what is alive, of which nothing is garbage; gives when a snapshot is due. */
function due(live: (second: number) => number, seconds: number, rule = RULE): number[] {
  const watch = new GrowthWatch(rule, 0);
  const times: number[] = [];
  for (let now = 0; now <= seconds; now += 5)
    if (watch.look(now, live(now)) && watch.settled(now, live(now)) !== null) times.push(now);
  return times;
}

test("a program that fills what it always has is not growing", () => {
  assertEquals(
    due((now) => Math.min(now, 60) * MIB, 3600),
    [],
  );
});

test("each growth by a fifth within the window is one snapshot", () => {
  // 100 MiB, and from the tenth minute on 1 MiB in 5 s: 20, 24, 28.8, … MiB later.
  const live = (now: number): number => (100 + Math.max(0, now - 600) / 5) * MIB;
  assertEquals(due(live, 1000), [700, 820, 965]);
});

test("what takes longer than the window is none", () => {
  // A fifth in 600 s.
  assertEquals(
    due((now) => (100 + now / 30) * MIB, 1200),
    [],
  );
  assertEquals(due((now) => (100 + now / 30) * MIB, 1200, { share: 0.2, window: 900 }).length, 1);
});

test("next to nothing that doubles is none", () => {
  assertEquals(
    due((now) => 1000 + now * 100, 3600),
    [],
  );
});

test("garbage is collected to find out, and then there is a rest", () => {
  const watch = new GrowthWatch(RULE, 0);
  watch.look(60, 100 * MIB);
  let collections = 0;
  for (let now = 65; now < 660; now += 5) {
    if (!watch.look(now, 200 * MIB)) continue;
    collections++;
    assertEquals(watch.settled(now, 101 * MIB), null);
  }
  // Not more than one in 30 s.
  assertEquals(collections, 20);
});

test("what has grown while nobody could look is seen afterwards", () => {
  const watch = new GrowthWatch(RULE, 0);
  for (let now = 60; now <= 100; now += 5) watch.look(now, 100 * MIB);
  // One job of ten minutes.
  assertEquals(watch.look(700, 150 * MIB), true);
  assertEquals(watch.settled(700, 150 * MIB), { from: 100 * MIB, seconds: 600 });
});

test("what has grown is told with what it was, and when", () => {
  const watch = new GrowthWatch(RULE, 0);
  for (let now = 60; now <= 100; now += 5) assertEquals(watch.look(now, 100 * MIB), false);
  assertEquals(watch.look(110, 150 * MIB), true);
  assertEquals(watch.settled(110, 130 * MIB), { from: 100 * MIB, seconds: 10 });
});

test("a window is looked at sixty times, at least every five seconds", () => {
  assertEquals(
    [lookEvery(RULE), lookEvery({ share: 1, window: 6 }), lookEvery({ share: 1, window: 86_400 })],
    [5, 0.1, 5],
  );
});
