import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import picocolors from "picocolors";
import { Snapshot } from "../../../mod.ts";
import { terminalTop } from "../../../src/report/terminal/terminal_top.ts";
import { displayWidth } from "../../../src/report/terminal/width.ts";
import { topReport } from "../../../src/report/views/top.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { blocksAt, PLAIN, snapshotOf, uncolored, VIEW } from "../fixtures.ts";

test("terminalTop() prints the manual's pretty top", () => {
  const snapshot = snapshotOf(
    blocksAt(1, 429875, "Lib/base64.py:414"),
    blocksAt(3, 1024, "<string>:5"),
    blocksAt(1, 512, "a.ts:1"),
    blocksAt(2, 256, "a.ts:2"),
    blocksAt(1, 4096, "<unknown>:0"),
  );
  const sourceLine = (filename: string, lineno: number): string =>
    filename.endsWith("base64.py") ? `_b85chars2 = ${lineno}` : "";
  assertEquals(terminalTop(snapshot, { ...VIEW, limit: 2 }, { ...PLAIN, sourceLine }), [
    "Top 2 lines",
    "#1: Lib/base64.py:414: 420 KiB",
    "    _b85chars2 = 414",
    "#2: <string>:5: 3072 B",
    "2 other: 1024 B",
    "Not shown, of unknown origin: 4096 B",
    "Total allocated size: 424 KiB",
  ]);
});

test("terminalTop() rounds ties as Python does", () => {
  const lines = terminalTop(snapshotOf(blocksAt(1, 10496, "a.ts:1")), VIEW, PLAIN);
  assertEquals(lines[1], "#1: a.ts:1: 10.2 KiB");
});

test("terminalTop() shows what is unknown when it is asked for", () => {
  const snapshot = snapshotOf(blocksAt(1, 1024, "<unknown>:0"), blocksAt(1, 512, "a.ts:1"));
  const lines = terminalTop(snapshot, { ...VIEW, include: ["<*"] }, PLAIN);
  assertEquals(lines, ["Top 10 lines", "#1: <unknown>:0: 1024 B", "Total allocated size: 1024 B"]);
});

test("terminalTop() groups by file, type and traceback", () => {
  const snapshot = snapshotOf(
    blocksAt(2, 1024, "lib.ts:7", "main.ts:1"),
    blocksAt(1, 1024, "lib.ts:8", "main.ts:2"),
  );
  const view = (by: "filename" | "type" | "traceback"): string[] =>
    terminalTop(snapshot, { ...VIEW, by }, PLAIN);
  assertEquals(view("filename"), ["Top 10 files", "#1: lib.ts: 3072 B", "Total allocated size: 3072 B"]);
  assertEquals(view("type"), ["Top 10 types", "#1: <unknown>: 3072 B", "Total allocated size: 3072 B"]);
  assertEquals(view("traceback"), [
    "Top 10 tracebacks",
    "#1: 2 memory blocks: 2048 B",
    '  File "main.ts", line 1',
    '  File "lib.ts", line 7',
    "#2: 1 memory block: 1024 B",
    '  File "main.ts", line 2',
    '  File "lib.ts", line 8',
    "Total allocated size: 3072 B",
  ]);
});

test("terminalTop() counts the total once when it is cumulative", () => {
  const snapshot = snapshotOf(blocksAt(2, 1024, "lib.ts:7", "main.ts:1"));
  assertEquals(terminalTop(snapshot, { ...VIEW, cumulative: true }, PLAIN), [
    "Top 10 lines",
    "#1: main.ts:1: 2048 B",
    "#2: lib.ts:7: 2048 B",
    "Total allocated size: 2048 B",
  ]);
});

test("terminalTop() filters file names", () => {
  const snapshot = snapshotOf(
    blocksAt(1, 1024, "/p/app.ts:1"),
    blocksAt(1, 2048, "/p/node_modules/x.js:1"),
    blocksAt(1, 4096, "/q/app.ts:1"),
  );
  const view = { ...VIEW, include: ["/p/*"], exclude: ["*/node_modules/*"] };
  assertEquals(terminalTop(snapshot, view, PLAIN), [
    "Top 10 lines",
    "#1: /p/app.ts:1: 1024 B",
    "Total allocated size: 1024 B",
  ]);
});

test("terminalTop() lets nothing of a hostile name or source reach the terminal", () => {
  const hostile = "a\x1b]0;owned\x07\n#1: fake\r\x9b2J\u202e\u{e0041}.ts:3";
  const options = { ...PLAIN, sourceLine: () => "x = '\x1b[31m'\t\u2066" };
  for (const by of ["lineno", "filename", "traceback", "function"] as const) {
    const lines = terminalTop(snapshotOf(blocksAt(1, 1024, hostile)), { ...VIEW, by }, options);
    assertFalse(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(lines.join("")), lines.join("\n"));
    assert(
      lines.some((line) => line.includes(String.raw`a\x1b]0;owned\x07\n#1: fake\r\x9b2J\u202e\u{e0041}.ts`)),
    );
  }
});

test("terminalTop() fits the terminal, and keeps the end of a path", () => {
  const long = `/home/someone/${"folder/".repeat(12)}file.ts`;
  const korean = `/작업/${"폴더/".repeat(12)}파일.ts`;
  const snapshot = snapshotOf(blocksAt(1, 1024, `${long}:3`), blocksAt(1, 512, `${korean}:4`));
  for (const columns of [40, 60, 80]) {
    for (const by of ["lineno", "filename", "traceback"] as const) {
      const options = {
        ...PLAIN,
        columns,
        colors: picocolors.createColors(true),
        sourceLine: () => "값 = ".repeat(40),
      };
      const lines = uncolored(terminalTop(snapshot, { ...VIEW, by }, options));
      for (const line of lines) assert(displayWidth(line) <= columns, `${columns}: ${line}`);
      assert(
        lines.some((line) => line.includes("file.ts")) && lines.some((line) => line.includes("파일.ts")),
      );
    }
  }
});

test("terminalTop() writes a long path relative to the working directory first", () => {
  const directory = `/home/someone/${"folder/".repeat(6)}project`;
  const options = { ...PLAIN, columns: 60, directory };
  const lines = terminalTop(snapshotOf(blocksAt(1, 1024, `${directory}/src/file.ts:3`)), VIEW, options);
  assertEquals(lines[1], "#1: src/file.ts:3: 1024 B");
});

test("terminalTop() colours only where it may", () => {
  const snapshot = snapshotOf(blocksAt(1, 1024, "a.ts:1"));
  const coloured = terminalTop(snapshot, VIEW, { ...PLAIN, colors: picocolors.createColors(true) });
  assert(coloured.join("").includes("\x1b["));
  assertEquals(uncolored(coloured), terminalTop(snapshot, VIEW, PLAIN));
});

test("terminalTop() of an empty snapshot has no entries", () => {
  assertEquals(terminalTop(snapshotOf([]), VIEW, PLAIN), ["Top 10 lines", "Total allocated size: 0 B"]);
});

test("terminalTop() says how many timers, listeners or suspended calls there are where it shows them alone", () => {
  const at = (line: number): [string, number][] => [["app.ts", line]];
  const snapshot = Snapshot.fromTraces(
    [
      [3, 128, at(1)],
      [3, 128, at(1)],
      [4, 8, at(2)],
      [5, 352, at(3)],
      [0, 64, at(4)],
    ],
    1,
  );
  const top = (domain: number): string[] => terminalTop(snapshot, { ...VIEW, domain }, PLAIN).slice(1, -1);
  assertEquals(
    [top(3), top(4), top(5), top(0)],
    [
      ["#1: app.ts:1: 2 timers, 256 B"],
      ["#1: app.ts:2: 1 listener, 8 B"],
      ["#1: app.ts:3: 1 suspended call, 352 B"],
      ["#1: app.ts:4: 64 B"],
    ],
  );
});

test("terminalTop() tells closures from the listeners that they are", () => {
  const at: RawTrace[2] = [["app.ts", 12]];
  const rows = [0, 4].flatMap((domain) => Array.from({ length: 1500 }, (): RawTrace => [domain, 40, at]));
  const text: RawTrace = [2, 24, [["app.ts", 13]]];
  const snapshot = Snapshot.fromTraces([...rows, text, [3, 128, [["app.ts", 13]]], [0, 8, [["b.ts", 1]]]], 1);
  const top = (by: "lineno" | "traceback"): string[] => terminalTop(snapshot, { ...VIEW, by }, PLAIN);
  assertEquals(top("lineno").slice(1, -1), [
    "#1: app.ts:12: 1,500 objects, 1,500 listeners, 117 KiB",
    "#2: app.ts:13: 1 block, 1 timer, 152 B",
    "#3: b.ts:1: 8 B",
  ]);
  assertEquals(top("traceback")[1], "#1: 1,500 objects, 1,500 listeners: 117 KiB");
  const { top: entries } = topReport(snapshot, VIEW);
  assertEquals(
    entries.map(({ count, kinds }) => [count, kinds]),
    [
      [
        3000,
        [
          { kind: "objects", count: 1500 },
          { kind: "listeners", count: 1500 },
        ],
      ],
      [
        2,
        [
          { kind: "blocks", count: 1 },
          { kind: "timers", count: 1 },
        ],
      ],
      [1, undefined],
    ],
  );
});
