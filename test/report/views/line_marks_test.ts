import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { agesText, markTexts } from "../../../src/report/text/mark_texts.ts";
import { type LineMark, lineMarks } from "../../../src/report/views/line_marks.ts";
import { snapshotOfRows } from "../html/models.ts";

/** A run of a minute, a point each second: what each line holds at each point, largest first. */
function timeline(lines: Record<string, (second: number) => number>, seconds = 60, named = 8): unknown[] {
  return Array.from({ length: seconds + 1 }, (_, second) => {
    const top = Object.entries(lines)
      .map(([place, at]) => [place, at(second)] as const)
      .filter(([, bytes]) => bytes > 0)
      .sort(([, a], [, b]) => b - a)
      .slice(0, named);
    return { time: second * 1000, current: 0, top };
  });
}

/** @param held what lines hold when the snapshot is taken; 1 MiB unless it says */
function marksOf(metadata: Record<string, unknown>, held: Record<string, number> = {}): LineMark[] {
  const lines = new Set(["leak.ts:1", "noisy.ts:2", "late.ts:9", "a.ts:1", ...Object.keys(held)]);
  const rows = [...lines].map((line) => ({ at: [line], size: held[line] ?? 2 ** 20 }));
  return [...lineMarks(snapshotOfRows(rows, metadata)).values()];
}

function suspects(
  lines: Record<string, (second: number) => number>,
  seconds?: number,
  named?: number,
): string[] {
  return marksOf({ timeline: timeline(lines, seconds, named) })
    .filter(({ grew }) => grew)
    .map(({ key }) => key);
}

test("a line that grew in every tenth of the run is a suspect", () => {
  assertEquals(
    suspects({
      "leak.ts:1": (second) => 1000 + second * 50,
      // Garbage comes and goes on top of what is kept.
      "noisy.ts:2": (second) => 500 + second * 30 + (second % 3) * 5000,
      "full.ts:3": (second) => Math.min(second, 30) * 100,
      "same.ts:4": () => 7000,
      "busy.ts:5": (second) => (second % 7) * 1000 + 1,
      "falls.ts:6": (second) => 9000 - second,
    }),
    ["noisy.ts:2", "leak.ts:1"],
  );
});

test("what is garbage when the snapshot is taken has not grown", () => {
  const run = timeline({
    "leak.ts:1": (second) => 1000 + second * 50,
    "garbage.ts:2": (second) => second * 10,
  });
  const held = { "leak.ts:1": 3900, "garbage.ts:2": 30 };
  assertEquals(
    marksOf({ timeline: run }, held).map(({ key, grew }) => [key, grew]),
    [["leak.ts:1", true]],
  );
});

test("what is not certain is none: short runs, and lines that were not named all the time", () => {
  assertEquals(suspects({ "leak.ts:1": (second) => 1000 + second }, 1), []);
  assertEquals(suspects({ "leak.ts:1": (second) => 1000 + second }, 5), []);
  // Not named while eight others were larger: it may have held as much as they.
  const others = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`other.ts:${i + 1}`, () => 1000]));
  assertEquals(suspects({ ...others, "late.ts:9": (second) => second * 30 }), []);
  // From nothing, named from its first byte on.
  assertEquals(suspects({ "late.ts:9": (second) => second * 30 }), ["late.ts:9"]);
});

test("blocks that grow old are told from such that are all young", () => {
  const run = timeline({ "a.ts:1": (second) => second + 1 }, 64);
  const verdicts = (ages: unknown): (string | undefined)[] =>
    marksOf({ timeline: run, ages }).map(({ ages: told }) => told?.verdict);
  assertEquals(verdicts([["a.ts:1", [10, 10, 20, 40, 80, 160, 320]]]), ["growing old"]);
  assertEquals(verdicts([["a.ts:1", [50, 30, 20, 1]]]), ["young"]);
  // All from the start.
  assertEquals(verdicts([["a.ts:1", [0, 0, 0, 0, 0, 0, 0, 100]]]), ["neither"]);
  const [mark] = marksOf({ timeline: run, ages: [["a.ts:1", [10, 10, 20, 40, 80, 160, 320]]] });
  assertEquals(markTexts(mark!), [
    "suspect: grew in every tenth of the run, and its blocks grow old: half are older than 16 s",
  ]);
  assertEquals(
    agesText(mark!.ages!),
    "2 % up to 1 s, 2 % up to 2 s, 3 % up to 4 s, 6 % up to 8 s, 13 % up to 16 s, 25 % up to 32 s, 50 % up to 64 s",
  );
  const [young] = marksOf({ timeline: run, ages: [["a.ts:1", [50, 30]]] });
  assertEquals(markTexts(young!), [
    "suspect: grew in every tenth of the run, but all its blocks are young: none is older than 2 s",
  ]);
});

test("containers are told with what they had and have, and their keys", () => {
  const containers = [
    { place: "a.ts:1", type: "Map", from: 0, to: 12_000, keys: { strings: 11_000, dates: 1000 } },
    { place: "a.ts:1", type: "Array", from: 3, to: 2000, keys: {} },
    { place: "a.ts:1", type: "Set", from: 0, to: 1100, keys: { numbers: 1100 } },
  ];
  const [mark] = marksOf({ containers });
  assertEquals(markTexts(mark!), [
    "a Map has grown from 0 to 12,000 entries; keys: 11,000 strings, 1,000 dates",
    "an Array has grown from 3 to 2,000 entries",
    "and 1 more that have grown",
  ]);
});

test("hostile and old dumps are read as far as they are what they should be", () => {
  assertEquals(marksOf({}), []);
  for (const odd of [5, "x", null, true, {}, [1, null, "x", [], {}], [[["a"]]]])
    assertEquals(marksOf({ timeline: odd, ages: odd, containers: odd, process: odd }), []);
  const huge = "x".repeat(5000);
  assertEquals(
    marksOf({
      ages: [
        ["a.ts:1", [-1]],
        ["a.ts:1", ["5"]],
        ["a.ts:1", []],
        [huge, [1]],
        ["a.ts:1", Array.from({ length: 65 }, () => 1)],
        ["a.ts:1", [2 ** 60]],
      ],
      containers: [
        { place: "a.ts:1", type: 5, from: 0, to: 5 },
        { place: "a.ts:1", type: "Map", from: 5, to: 0 },
        { place: huge, type: "Map", from: 0, to: 5 },
      ],
    }),
    [],
  );
  const many = Array.from({ length: 100_000 }, (_, i) => [`f${i}.ts:1`, [1]]);
  assertEquals(marksOf({ ages: many }).length, 1024);
  const points = Array.from({ length: 100_000 }, (_, i) => ({ time: i, top: [["a.ts:1", i]] }));
  // No more than the first 4096 are read, which is a run of 4 s that grew.
  assertEquals(
    marksOf({ timeline: points }).map(({ grew }) => grew),
    [true],
  );
  const [container] = marksOf({
    containers: [{ place: "a.ts:1", type: huge, from: 0, to: 9, keys: { [huge]: 1, b: -1, c: "x" } }],
  });
  assert(JSON.stringify(container).length < 600);
});
