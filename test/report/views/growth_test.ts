import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { terminalGrowth } from "../../../src/report/terminal/terminal_growth.ts";
import { growthReport } from "../../../src/report/views/growth.ts";
import type { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { blocksAt, PLAIN, snapshotOf, VIEW } from "../fixtures.ts";

/** Blocks of 100 bytes alive in each of four snapshots. */
const COURSES: Readonly<Record<string, readonly number[]>> = {
  "leak.ts:1": [10, 20, 30, 40],
  "faster.ts:1": [0, 10, 20, 90],
  "sawtooth.ts:1": [10, 90, 20, 100],
  "filled.ts:1": [10, 50, 50, 50],
  "small.ts:1": [1, 2, 3, 4],
  "gone.ts:1": [90, 50, 10, 0],
};

const series: Snapshot[] = [0, 1, 2, 3].map((step) =>
  snapshotOf(
    ...Object.entries(COURSES).map(([line, counts]) => blocksAt(counts[step], 100, line, "main.ts:1")),
  ),
);

test("growthReport() lists what grew in every step, the largest growth first", () => {
  const report = growthReport(series, VIEW);
  assertEquals(
    report.suspects.map(({ rank, key, sizes, counts, growth }) => [rank, key, sizes, counts, growth]),
    [
      [1, "faster.ts:1", [0, 1000, 2000, 9000], [0, 10, 20, 90], 9000],
      [2, "leak.ts:1", [1000, 2000, 3000, 4000], [10, 20, 30, 40], 3000],
    ],
  );
  assertEquals([report.steps, report.entries, report.found], [3, 6, 2]);
  assertEquals(report.totals, [12100, 22200, 13300, 28400]);
  assertEquals(report.rule, "lines whose live size grew in each of the 3 steps, and by 1 KiB or more in all");
});

test("growthReport() takes another least growth, other keys, and a limit", () => {
  const keys = (view: Partial<typeof VIEW>, least?: number): string[] =>
    growthReport(series, { ...VIEW, ...view }, least).suspects.map(({ key }) => key);
  assertEquals(keys({}, 300), ["faster.ts:1", "leak.ts:1", "small.ts:1"]);
  assertEquals(keys({ limit: 1 }), ["faster.ts:1"]);
  assertEquals(keys({ by: "filename", exclude: ["faster.ts"] }), ["leak.ts"]);
  assertEquals(keys({ cumulative: true, include: ["leak.ts"] }), ["main.ts:1", "leak.ts:1"]);
  assertEquals(growthReport(series, { ...VIEW, cumulative: true }).totals, [12100, 22200, 13300, 28400]);
});

test("growthReport() finds nothing in a series backwards", () => {
  assertEquals(growthReport(series.slice(0, 2).reverse(), { ...VIEW, include: ["leak.ts"] }).suspects, []);
});

test("terminalGrowth() shows the sizes of all steps, and the rule", () => {
  const text = terminalGrowth(series, { ...VIEW, limit: 1, leastGrowth: 1024 }, PLAIN);
  assertEquals(text, [
    "[ Grew in each of 3 steps: 2 of 6 lines ]",
    "faster.ts:1: 0 B → 1000 B → 2000 B → 9000 B (+9000 B)",
    "1 other",
    "Total: 11.8 KiB → 21.7 KiB → 13.0 KiB → 27.7 KiB",
    "Listed are lines whose live size grew in each of the 3 steps, and by 1 KiB or more in all.",
  ]);
  const many = [...series, ...series, ...series];
  assertStringIncludes(
    terminalGrowth(many, { ...VIEW, leastGrowth: 1 }, PLAIN).join("\n"),
    "13.0 KiB → 27.7 KiB → … → 27.7 KiB",
  );
});
