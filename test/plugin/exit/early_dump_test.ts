import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { HeapSteps } from "../../../plugin/exit/early_dump.ts";

/** The looks after which a dump is written, by their order. */
function due(looks: readonly (readonly [seconds: number, percent: number])[]): number[] {
  const steps = new HeapSteps();
  const found: number[] = [];
  looks.forEach(([seconds, percent], i) => {
    if (steps.isDue({ used: percent, limit: 100, external: 0 }, seconds * 1000)) found.push(i);
  });
  return found;
}

test("a heap that fills calls for a dump at each step, once", () => {
  const looks = [10, 39, 40, 45, 59, 60, 79, 85, 87, 88, 95, 96, 98, 99].map(
    (percent) => [0, percent] as const,
  );
  assertEquals(due(looks), [2, 5, 7, 9, 10, 12]);
});

test("a heap that jumps past steps calls for one dump", () => {
  assertEquals(
    due([
      [0, 85],
      [0, 50],
      [0, 86],
      [0, 90],
    ]),
    [0, 3],
  );
});

test("a heap that was nearly full, and is emptied, may fill again: not for the first steps, nor within a minute", () => {
  assertEquals(
    due([
      [0, 98],
      [1, 20],
      [2, 98],
      [59, 30],
      [60, 30],
      [61, 45],
      [62, 70],
      [63, 98],
    ]),
    [0, 6, 7],
  );
});

test("where garbage was collected, the heap may fill again: at the same step after a rest, at a higher one at once", () => {
  const steps = new HeapSteps();
  const at = (used: number) => ({ used, limit: 100, external: 0 });
  assertEquals(steps.isDue(at(65), 0), true);
  steps.settled(at(45), 0, 10);
  assertEquals(
    [59, 62, 70, 79].map((used) => steps.isDue(at(used), 100)),
    [false, false, false, false],
  );
  assertEquals(steps.isDue(at(62), 110), true);
  steps.settled(at(45), 110, 10);
  assertEquals(steps.isDue(at(81), 111), true);
});
