import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { Frame } from "../../src/snapshot/model/frame.ts";
import type { RawTrace } from "../../src/snapshot/model/from_traces.ts";
import { inspect } from "../../src/snapshot/model/python_repr.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { Traceback } from "../../src/snapshot/model/traceback.ts";
import { Statistic, StatisticDiff } from "../../src/statistics/statistic.ts";
import { oracle } from "../cases/oracle.ts";

const at = (filename: string, lineno: number) => new Traceback([new Frame(filename, lineno)]);

test("statistics are Python's, in Python's order", () => {
  for (const { new: raw, statistics } of oracle.cases) {
    const snapshot = Snapshot.fromTraces(raw, 9);
    for (const [keyType, cumulative, texts] of statistics) {
      const found = snapshot.statistics(keyType, cumulative);
      assertEquals(
        found.map((stat) => (keyType === "traceback" ? stat[inspect]() : String(stat))),
        texts,
      );
    }
  }
});

test("differences are Python's, in Python's order", () => {
  for (const { old, new: raw, differences } of oracle.cases) {
    const before = Snapshot.fromTraces(old, 9);
    const after = Snapshot.fromTraces(raw, 9);
    for (const [keyType, cumulative, texts] of differences) {
      const found = after.compareTo(before, keyType, cumulative);
      assertEquals(
        found.map((stat) => (keyType === "traceback" ? stat[inspect]() : String(stat))),
        texts,
      );
    }
  }
});

test("many statistics are in the order that their few fields say", () => {
  // Enough of them for every way of sorting: large sizes, equal sizes, equal sizes and counts.
  const raw: RawTrace[] = [];
  for (let i = 0; i < 9000; i++) {
    const size = i % 3 === 0 ? 64 : i % 3 === 1 ? (i % 5) * 2 ** 40 + (i % 700) : i % 11;
    const line = (i * 7919) % 9001;
    raw.push([0, size, [[`f${line % 7}.ts`, line]]]);
    if (i % 2 === 0) raw.push([0, 0, [[`f${line % 7}.ts`, line]]]);
  }
  const snapshot = Snapshot.fromTraces(raw, 1);
  const found = snapshot.statistics("lineno");
  assertEquals(found.length, 9000);
  const sorted = [...found].sort(
    (a, b) => b.size - a.size || b.count - a.count || Traceback.compare(b.traceback, a.traceback),
  );
  assertEquals(
    found.map((stat) => stat.key),
    sorted.map((stat) => stat.key),
  );
  const diffs = snapshot.compareTo(Snapshot.fromTraces(raw.slice(4000), 1), "lineno");
  const sortedDiffs = [...diffs].sort(
    (a, b) =>
      Math.abs(b.sizeDiff) - Math.abs(a.sizeDiff) ||
      b.size - a.size ||
      Math.abs(b.countDiff) - Math.abs(a.countDiff) ||
      b.count - a.count ||
      Traceback.compare(b.traceback, a.traceback),
  );
  assertEquals(
    diffs.map((stat) => stat.key),
    sortedDiffs.map((stat) => stat.key),
  );
});

test("the manual's lines are printed as they stand there", () => {
  const top: [string, number, number, number, string][] = [
    ["<frozen importlib._bootstrap>", 716, 4971520, 39328, "size=4855 KiB, count=39328, average=126 B"],
    ["/usr/lib/python3.4/abc.py", 133, 90829, 347, "size=88.7 KiB, count=347, average=262 B"],
    ["/usr/lib/python3.4/sysconfig.py", 411, 49152, 1, "size=48.0 KiB, count=1, average=48.0 KiB"],
  ];
  for (const [filename, lineno, size, count, text] of top) {
    assertEquals(
      String(new Statistic(at(filename, lineno), { size, count })),
      `${filename}:${lineno}: ${text}`,
    );
  }
  const diff = new StatisticDiff(at("<frozen importlib._bootstrap>", 716), {
    size: 8173 * 1024,
    sizeDiff: 4428 * 1024,
    count: 71332,
    countDiff: 39369,
  });
  assertEquals(
    String(diff),
    "<frozen importlib._bootstrap>:716: size=8173 KiB (+4428 KiB), count=71332 (+39369), average=117 B",
  );
});

test("statistics equal each other by their fields", () => {
  const fields = { size: 8, count: 2 };
  const statistic = new Statistic(at("a.ts", 1), fields);
  assert(statistic.equals(new Statistic(at("a.ts", 1), fields)));
  assertFalse(statistic.equals(new Statistic(at("a.ts", 2), fields)));
  assertFalse(statistic.equals(new Statistic(at("a.ts", 1), { ...fields, size: 9 })));
  assertFalse(statistic.equals(new Statistic(at("a.ts", 1), { ...fields, count: 1 })));
  assertEquals([statistic.allocatedSize, statistic.allocatedCount, statistic.key], [8, 2, "a.ts:1"]);
  const changes = { ...fields, sizeDiff: -8, countDiff: 0 };
  const diff = new StatisticDiff(at("a.ts", 1), changes);
  assert(diff.equals(new StatisticDiff(at("a.ts", 1), changes)));
  assertFalse(diff.equals(new StatisticDiff(at("a.ts", 1), { ...changes, sizeDiff: 8 })));
  assertFalse(diff.equals(new StatisticDiff(at("a.ts", 1), { ...changes, countDiff: 1 })));
  assertEquals(String(diff), "a.ts:1: size=8 B (-8 B), count=2 (+0), average=4 B");
});

test("equal sums come in the order of tracebacks, however many lines and frames these have", () => {
  for (const lines of [1, 3, 700, 100_000]) {
    let state = lines;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const traces = Array.from({ length: 2000 }, (): RawTrace => {
      const frames = Array.from({ length: 1 + random(30) }, (_, level): [string, number] => [
        "app.ts",
        // The most recent ones come first: the oldest are alike.
        level > 4 ? 1 : 1 + random(lines),
      ]);
      return [0, 8, frames];
    });
    const old = Snapshot.fromTraces(traces.slice(0, 1500), 30);
    const snapshot = Snapshot.fromTraces(traces.slice(500), 30);
    for (const found of [snapshot.statistics("traceback"), snapshot.compareTo(old, "traceback")]) {
      const sorted = found.toSorted(
        (a, b) =>
          Math.abs(differenceOf(b).sizeDiff) - Math.abs(differenceOf(a).sizeDiff) ||
          b.size - a.size ||
          Traceback.compare(b.traceback, a.traceback),
      );
      assertEquals(found.map(pathOf), sorted.map(pathOf));
    }
  }
});

const differenceOf = (statistic: Statistic | StatisticDiff): { sizeDiff: number } =>
  statistic instanceof StatisticDiff ? statistic : { sizeDiff: 0 };
const pathOf = ({ traceback }: Statistic | StatisticDiff): string =>
  [...traceback].map((frame) => frame.lineno).join(" ");
