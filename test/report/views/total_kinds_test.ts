// What a whole snapshot's blocks are: a sum over objects and listeners is none of anything, in whatever view it stands.
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import { markdown } from "../../../src/report/export/markdown.ts";
import { checkVerdict, terminalCheck } from "../../../src/report/terminal/check_text.ts";
import { terminalDiff } from "../../../src/report/terminal/terminal_diff.ts";
import { terminalStats } from "../../../src/report/terminal/terminal_stats.ts";
import { terminalTree } from "../../../src/report/terminal/terminal_tree.ts";
import { checkReport } from "../../../src/report/views/check.ts";
import { diffReport } from "../../../src/report/views/diff.ts";
import { runSummary } from "../../../src/report/views/run_summary.ts";
import { shortLivedReport } from "../../../src/report/views/short_lived.ts";
import { statsReport } from "../../../src/report/views/stats.ts";
import { memoryBlocks, totalKinds, totalKindsBetween } from "../../../src/report/views/total_kinds.ts";
import { treeReport } from "../../../src/report/views/tree.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { PLAIN, VIEW } from "../fixtures.ts";

function rows(count: number, domain: number, line: number): RawTrace[] {
  return Array.from({ length: count }, (): RawTrace => [domain, 64, [["app.ts", line]]]);
}

const OLD = Snapshot.fromTraces([...rows(500, 0, 12), ...rows(500, 4, 12), ...rows(2, 3, 13)], 1);
const NEW = Snapshot.fromTraces([...rows(1500, 0, 12), ...rows(1500, 4, 12), ...rows(7, 0, 14)], 1);
const PLAIN_ROWS = Snapshot.fromTraces(rows(7, 0, 14), 1);
const TREE = { measure: "size", min: 0, depth: 9, inverted: false, include: [], exclude: [] } as const;
const CHECK = { maxGrowth: { share: 0.1 }, by: undefined, minSize: 0, limit: 10, include: [], exclude: [] };

test("all blocks are told apart where some are timers, listeners or suspended calls, and only there", () => {
  assertEquals(totalKinds(NEW), [
    { kind: "objects", count: 1507 },
    { kind: "listeners", count: 1500 },
  ]);
  assertEquals(totalKinds(NEW, "allocatedCount"), totalKinds(NEW));
  assertEquals(totalKinds(PLAIN_ROWS), null);
  assertEquals(totalKindsBetween(NEW, OLD), [
    { kind: "objects", count: 1507, countDiff: 1007 },
    { kind: "timers", count: 0, countDiff: -2 },
    { kind: "listeners", count: 1500, countDiff: 1000 },
  ]);
  assertEquals(totalKindsBetween(PLAIN_ROWS, PLAIN_ROWS), null);
  assertEquals([memoryBlocks(NEW, "count"), memoryBlocks(OLD, "allocatedCount")], [1507, 500]);
});

test("diff: the total, and what did not make the top", () => {
  const lines = terminalDiff(NEW, OLD, { ...VIEW, limit: 1 }, PLAIN);
  assertEquals(lines.slice(-2), [
    "2 other: size=448 B (+320 B), blocks=7 (+7), timers=0 (-2)",
    "Total: size=188 KiB (+125 KiB), objects=1507 (+1007), timers=0 (-2), listeners=1500 (+1000)",
  ]);
  assertEquals(diffReport(PLAIN_ROWS, PLAIN_ROWS, VIEW).total.kinds, undefined);
  assertEquals(diffReport(NEW, OLD, { ...VIEW, domain: 4 }).total.kinds, undefined);
});

test("stats: what is alive, what was allocated, packages and allocators", () => {
  const lines = terminalStats(NEW, PLAIN);
  assertEquals(lines.slice(0, 2), [
    "Live:       188 KiB in 1,507 objects, 1,500 listeners",
    "Allocated:  188 KiB in 1,507 objects, 1,500 listeners",
  ]);
  assertStringIncludes(lines.join("\n"), "  #1: app.ts:12: 188 KiB, 1,500 objects, 1,500 listeners\n");
  const { total, packages } = statsReport(NEW);
  assertEquals([total.kinds, packages[0]!.kinds], [totalKinds(NEW)!, totalKinds(NEW)!]);
  assertEquals(statsReport(PLAIN_ROWS).total.kinds, undefined);
});

test("what has died again is memory: timers have run, and listeners were removed", () => {
  const { columns } = NEW;
  const count = columns.blocks.count.map(() => 0);
  const gone = new Snapshot({ ...columns, blocks: { ...columns.blocks, count } });
  const freed = (domain?: number) =>
    shortLivedReport(gone, { ...VIEW, ...(domain !== undefined && { domain }) }).total.freedCount;
  assertEquals([freed(), freed(4), freed(0)], [1507, 1500, 1507]);
});

test("tree, Markdown, check and what a run says at its end", () => {
  assertEquals(terminalTree(NEW, TREE, PLAIN)[0], "Live: 188 KiB in 1,507 objects, 1,500 listeners");
  assertEquals(treeReport(PLAIN_ROWS, TREE).kinds, undefined);
  const text = [...markdown(NEW, { older: OLD })].join("");
  assertStringIncludes(
    text,
    "Live: 188 KiB in 1,507 objects, 1,500 listeners. Allocated since the start: 188 KiB in 1,507 objects,",
  );
  assertStringIncludes(text, "In all: +125 KiB, +1007 objects, -2 timers, +1000 listeners.");
  const report = checkReport(NEW, OLD, CHECK);
  assertEquals(
    checkVerdict(report),
    "FAILED: live memory grew by more than 10 %: 62.6 KiB -> 188 KiB (+125 KiB, +200.1 %, +1007 objects, -2 timers, +1000 listeners)",
  );
  assertStringIncludes(terminalCheck(report, PLAIN)[2]!, "+200.0 %, +1000 objects, +1000 listeners");
  const { allocatedCount, diedCount } = runSummary(NEW);
  assertEquals([allocatedCount, diedCount], [1507, 0]);
});
