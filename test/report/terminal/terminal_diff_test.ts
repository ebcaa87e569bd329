import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import picocolors from "picocolors";
import { Snapshot } from "../../../mod.ts";
import { terminalDiff } from "../../../src/report/terminal/terminal_diff.ts";
import { displayWidth } from "../../../src/report/terminal/width.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { blocksAt, PLAIN, snapshotOf, uncolored, VIEW } from "../fixtures.ts";

const older = snapshotOf(
  blocksAt(4, 1024, "a.ts:1"),
  blocksAt(2, 512, "b.ts:2"),
  blocksAt(1, 64, "same.ts:1"),
);
const newer = snapshotOf(
  blocksAt(20, 1024, "a.ts:1"),
  blocksAt(1, 512, "b.ts:2"),
  blocksAt(1, 64, "same.ts:1"),
);

test("terminalDiff() prints the manual's differences, and what is left of them", () => {
  assertEquals(terminalDiff(newer, older, VIEW, PLAIN), [
    "[ Top 10 differences ]",
    "a.ts:1: size=20.0 KiB (+16.0 KiB), count=20 (+16), average=1024 B",
    "b.ts:2: size=512 B (-512 B), count=1 (-1), average=512 B",
    "1 unchanged",
    "Total: size=20.6 KiB (+15.5 KiB), count=22 (+15)",
  ]);
  const limited = terminalDiff(newer, older, { ...VIEW, limit: 1 }, PLAIN);
  assertEquals(limited[2], "1 other: size=512 B (-512 B), count=1 (-1)");
});

test("terminalDiff() shows growth in red and the rest in green", () => {
  const lines = terminalDiff(newer, older, VIEW, { ...PLAIN, colors: picocolors.createColors(true) });
  assert(lines[1].startsWith("a.ts:1\x1b[31m: size="), JSON.stringify(lines[1]));
  assert(lines[2].startsWith("b.ts:2\x1b[32m: size="), JSON.stringify(lines[2]));
});

test("terminalDiff() of equal snapshots says so", () => {
  assertEquals(terminalDiff(older, older, VIEW, PLAIN), [
    "[ Top 10 differences ]",
    "No differences",
    "3 unchanged",
    "Total: size=5184 B (+0 B), count=7 (+0)",
  ]);
});

test("terminalDiff() fits the terminal and escapes names", () => {
  const name = `/${"long/".repeat(30)}\x1b[2J: size=1 B.ts`;
  const grown = snapshotOf(blocksAt(3, 1024, `${name}:7`));
  for (const by of ["lineno", "filename", "traceback"] as const) {
    const options = { ...PLAIN, columns: 90, colors: picocolors.createColors(true) };
    const lines = uncolored(terminalDiff(grown, snapshotOf([]), { ...VIEW, by }, options));
    for (const line of lines) assert(displayWidth(line) <= 90, line);
    assertFalse(lines.join("").includes("\x1b"));
    assert(lines[1].startsWith("…") && lines[1].includes(String.raw`\x1b[2J: size=1 B.ts`), lines[1]);
  }
});

test("terminalDiff() tells closures from the listeners that they are", () => {
  const at: RawTrace[2] = [["app.ts", 12]];
  const both = (count: number): RawTrace[] =>
    [0, 4].flatMap((domain) => Array.from({ length: count }, (): RawTrace => [domain, 40, at]));
  const diff = (now: RawTrace[], before: RawTrace[]): string[] =>
    terminalDiff(Snapshot.fromTraces(now, 1), Snapshot.fromTraces(before, 1), VIEW, PLAIN).slice(1, -1);
  assertEquals(diff(both(1500), both(100)), [
    "app.ts:12: size=117 KiB (+109 KiB), objects=1500 (+1400), listeners=1500 (+1400), average=40 B",
  ]);
  assertEquals(diff(both(2).slice(0, 2), both(2)), [
    "app.ts:12: size=80 B (-80 B), objects=2 (+0), listeners=0 (-2), average=40 B",
  ]);
});
