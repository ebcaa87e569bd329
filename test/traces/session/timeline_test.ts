import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { Timeline } from "../../../src/traces/session/timeline.ts";

test("points are taken every 20 ms, and later when a look at the rows took long", () => {
  const timeline = new Timeline(1000);
  const isDue = (now: number): boolean => timeline.isDue(now);
  assertEquals([isDue(1000)], [true]);
  timeline.add(1000, 5, []);
  assertEquals([isDue(1019), isDue(1020)], [false, true]);
  timeline.add(1020, 6, [[3, 6]]);
  timeline.wait(10);
  assertEquals([isDue(1039), isDue(1040)], [false, true]);
  timeline.wait(500);
  assertEquals([isDue(1519), isDue(1520)], [false, true]);
  assertEquals(timeline.points, [
    { time: 0, current: 5, top: [] },
    { time: 20, current: 6, top: [[3, 6]] },
  ]);
});

test("a run of any length has a bounded number of points, spread over all of it", () => {
  const timeline = new Timeline(0);
  for (let now = 0; now < 600_000; now++) if (timeline.isDue(now)) timeline.add(now, now, []);
  const { points } = timeline;
  assertEquals(points.length >= 256 && points.length < 512, true);
  assertEquals(points[0].time, 0);
  const last = points[points.length - 1].time;
  assertEquals(last > 595_000, true);
});

/** A machine that is busy with others just when somebody looks. */
class Interrupted extends BlockTable {
  override placeDeaths(): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

test("a look that had to wait its turn does not put the next one off", () => {
  const timeline = new Timeline(0);
  const blocks = new Interrupted(1);
  blocks.row(0, 1, 0, 16);
  timeline.look(0, blocks);
  assertEquals([timeline.isDue(19), timeline.isDue(20)], [false, true]);
});

test("the more rows there are to look at, the later comes the next look", () => {
  const timeline = new Timeline(0);
  const blocks = new BlockTable(1);
  for (let site = 1; site <= 50_000; site++) blocks.row(0, site, 0, 16);
  timeline.look(0, blocks);
  assertEquals([timeline.isDue(99), timeline.isDue(100)], [false, true]);
});
