import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { collapsed } from "../../../src/report/export/collapsed.ts";
import { csv } from "../../../src/report/export/csv.ts";
import { json } from "../../../src/report/export/json.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { HOSTILE_NAMES, hostileSnapshot, SNAPSHOT, textOf } from "./exports_fixture.ts";

test("collapsed() has one line per path with its figure", () => {
  assertEquals(textOf(collapsed(SNAPSHOT)).split("\n"), [
    "main (/app/main.ts:3);Cache.put (/app/cache.ts:41) 640",
    "main (/app/main.ts:4);Cache.put (/app/cache.ts:42) 100",
    "<module> (/app/main.ts:10) 4096",
    "",
  ]);
  assertEquals(
    textOf(collapsed(SNAPSHOT, { measure: "allocated-count", exclude: ["*/cache.ts"] })).split("\n"),
    ["<module> (/app/main.ts:9) 5", "<module> (/app/main.ts:10) 1", ""],
  );
});

test("no name adds a frame or a line to collapsed stacks", () => {
  const lines = textOf(collapsed(hostileSnapshot())).trimEnd().split("\n");
  assertEquals(lines.length, HOSTILE_NAMES.length);
  for (const line of lines) {
    assertMatch(line, /^main \(\/app\/main\.ts:1\);[^;\p{Cc}\p{Cf}\p{Cs}]* \d+$/u);
  }
});

/** Reads RFC 4180, as spreadsheets do. */
function readCsv(text: string): string[][] {
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g);
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of cells) {
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows.slice(0, -1);
}

test("csv() has a row of figures for each line", () => {
  assertEquals(readCsv(textOf(csv(SNAPSHOT))), [
    [
      "key",
      "filename",
      "lineno",
      "functionName",
      "size",
      "count",
      "allocatedSize",
      "allocatedCount",
      "traceback",
      "timers",
      "listeners",
      "suspendedCalls",
    ],
    ["/app/main.ts:10", "/app/main.ts", "10", "<module>", "4096", "1", "64", "1", "", "0", "0", "0"],
    ["/app/cache.ts:41", "/app/cache.ts", "41", "Cache.put", "640", "10", "1280", "20", "", "0", "0", "0"],
    ["/app/cache.ts:42", "/app/cache.ts", "42", "Cache.put", "100", "1", "100", "1", "", "0", "0", "0"],
    ["/app/main.ts:9", "/app/main.ts", "9", "<module>", "0", "0", "320", "5", "", "0", "0", "0"],
  ]);
});

test("csv() tells how many of a line's blocks are timers, listeners and suspended calls", () => {
  const rows = [0, 3, 4, 4, 5].map((domain): RawTrace => [domain, 8, [["a.ts", 1]]]);
  const [, line] = readCsv(textOf(csv(Snapshot.fromTraces(rows, 1))));
  assertEquals([line![5], ...line!.slice(-3)], ["5", "1", "2", "1"]);
});

test("csv() groups and limits as it is told", () => {
  const rows = (options: Parameters<typeof csv>[1]): string[][] =>
    readCsv(textOf(csv(SNAPSHOT, options))).slice(1);
  assertEquals(
    rows({ by: "type" }).map(([key, filename, , , size]) => [key, filename, size]),
    [
      ["ArrayBuffer", "", "4096"],
      ["Object", "", "740"],
    ],
  );
  assertEquals(
    rows({ by: "filename", cumulative: true, limit: 1 }).map(([key, , lineno]) => [key, lineno]),
    [["/app/main.ts", ""]],
  );
  assertEquals(rows({ by: "traceback" }).map((row) => row.at(-4))[1], "/app/main.ts:3 > /app/cache.ts:41");
});

test("no name is a formula, a cell or a row of its own in csv()", () => {
  const [headings, ...rows] = readCsv(textOf(csv(hostileSnapshot(), { by: "type" })));
  assertEquals(rows.length, HOSTILE_NAMES.length);
  for (const row of rows) {
    assertEquals(row.length, headings.length);
    assertFalse(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(row[0]), row[0]);
    assertFalse(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(row.join("")));
  }
  assertEquals(
    rows.filter(([key]) => key.startsWith("'")).map(([key]) => key),
    ['\'=HYPERLINK("http://evil")', "'+cmd|' /C calc'!A0", "'@SUM(1)", "'-2+3"],
  );
});

test("json() holds all of a snapshot", () => {
  const file = JSON.parse(textOf(json(SNAPSHOT)));
  assertEquals([file.format, file.version, file.tracebackLimit], ["tracemalloc", 1, 25]);
  assertEquals(file.metadata, SNAPSHOT.metadata);
  assertEquals(file.frames[1], {
    filename: "/app/cache.ts",
    lineno: 41,
    column: 17,
    functionName: "Cache.put",
    functionLine: 38,
  });
  assertEquals(file.blocks.length, 4);
  assertEquals(file.blocks[0], {
    domain: 0,
    type: "Object",
    size: 64,
    count: 10,
    allocatedSize: 1280,
    allocatedCount: 20,
    traceback: [0, 1],
    totalNframe: 2,
  });
});

test("json() keeps hostile names as they are, and shows nothing that a terminal obeys", () => {
  const text = textOf(json(hostileSnapshot()));
  assertFalse(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u.test(text));
  const file = JSON.parse(text);
  const names = file.blocks.map((one: { traceback: number[]; type: string }) => {
    return [file.frames[one.traceback[1]].filename, one.type];
  });
  assertEquals(
    names,
    HOSTILE_NAMES.map((name) => [name, name]),
  );
  assert(text.length > 1000);
  assertStringIncludes(text, "\\u202e");
});
