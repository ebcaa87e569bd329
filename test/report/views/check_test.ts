import { test } from "node:test";
import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import {
  annotations,
  checkVerdict,
  markdownCheck,
  terminalCheck,
} from "../../../src/report/terminal/check_text.ts";
import { type CheckOptions, checkReport } from "../../../src/report/views/check.ts";
import { blocksAt, PLAIN, snapshotOf } from "../fixtures.ts";

const old = snapshotOf(
  blocksAt(100, 100, "/app/a.ts:1"),
  blocksAt(100, 100, "/app/b.ts:2"),
  blocksAt(100, 100, "/app/c.ts:3"),
);
const grown = snapshotOf(
  blocksAt(120, 100, "/app/a.ts:1"),
  blocksAt(150, 100, "/app/b.ts:2"),
  blocksAt(30, 100, "/app/c.ts:3"),
  blocksAt(30, 100, "/app/new.ts:4"),
  blocksAt(1, 100, "/app/small.ts:5"),
);
const OPTIONS: CheckOptions = {
  maxGrowth: { share: 0.05 },
  by: undefined,
  minSize: 1024,
  limit: 10,
  include: [],
  exclude: [],
};

test("checkReport() lets pass what grew by no more than it may", () => {
  for (const maxGrowth of [{ share: 0.11 }, { bytes: 3100 }]) {
    const report = checkReport(grown, old, { ...OPTIONS, maxGrowth });
    assertEquals([report.ok, report.entries], [true, []]);
  }
  assertEquals(checkReport(old, grown, { ...OPTIONS, maxGrowth: { bytes: 0 } }).ok, true);
  assertEquals(checkReport(old, old, { ...OPTIONS, maxGrowth: { share: 0 }, by: "lineno" }).ok, true);
});

test("checkReport() of the whole names the lines that grew most", () => {
  for (const maxGrowth of [{ share: 0.1 }, { bytes: 3099 }]) {
    const report = checkReport(grown, old, { ...OPTIONS, maxGrowth, limit: 3 });
    assertEquals(report.total, { ok: false, old: 30000, new: 33100, growth: 3100, share: 3100 / 30000 });
    assertEquals(
      report.entries.map(({ key, growth, share }) => [key, growth, share]),
      [
        ["/app/b.ts:2", 5000, 0.5],
        ["/app/new.ts:4", 3000, null],
        ["/app/a.ts:1", 2000, 0.2],
      ],
    );
    assertEquals([report.ok, report.exceeding], [false, 0]);
  }
});

test("checkReport() of each line fails where one grew, whatever the others lost", () => {
  const shrunk = snapshotOf(blocksAt(120, 100, "/app/a.ts:1"));
  const check = (options: Partial<CheckOptions>): [boolean, boolean, string[]] => {
    const report = checkReport(shrunk, old, { ...OPTIONS, by: "lineno", ...options });
    return [report.ok, report.total.ok, report.entries.map(({ key }) => key)];
  };
  assertEquals(check({}), [false, true, ["/app/a.ts:1"]]);
  assertEquals(check({ minSize: 2001 }), [true, true, []]);
  assertEquals(check({ maxGrowth: { share: 0.2 } }), [true, true, []]);
  assertEquals(check({ maxGrowth: { bytes: 1999 }, by: "filename" }), [false, true, ["/app/a.ts"]]);
  assertEquals(check({ exclude: ["*/a.ts"] }), [true, true, []]);
});

test("memory where there was none is growth beyond every percentage", () => {
  const report = checkReport(grown, snapshotOf([]), { ...OPTIONS, maxGrowth: { share: 1000 } });
  assertEquals([report.ok, report.total.share], [false, null]);
  assertStringIncludes(checkVerdict(report), "0 B -> 32.3 KiB (+32.3 KiB, new)");
});

test("terminalCheck() draws a table, in the same order every time", () => {
  const report = checkReport(grown, old, { ...OPTIONS, by: "lineno", limit: 2 });
  assertEquals(terminalCheck(report, PLAIN), [
    "FAILED: live memory grew by more than 5 %: 29.3 KiB -> 32.3 KiB (+3100 B, +10.3 %); 3 lines grew by more than 5 %",
    "                   old       new   growth",
    "/app/b.ts:2    10000 B  14.6 KiB  +5000 B  +50.0 %",
    "/app/new.ts:4      0 B    3000 B  +3000 B      new",
    "… and 1 more",
  ]);
});

test("markdownCheck() and annotations() keep hostile names in their place", () => {
  const hostile = "::error::x\n| `a` |,:%";
  const report = checkReport(snapshotOf(blocksAt(9, 1024, `${hostile}:7`)), snapshotOf([]), OPTIONS);
  const [, , , , row] = markdownCheck(report);
  assertEquals(row, "| ``::error::x\\n\\x7c `a` \\x7c,:%:7`` | 0 B | 9216 B | +9216 B | new |");
  const commands = annotations(report, "/app");
  assertEquals(commands.length, 2);
  assertEquals(
    commands[1],
    "::error file=%3A%3Aerror%3A%3Ax%0A| `a` |%2C%3A%25,line=7,title=tracemalloc check::live memory grew: 0 B, 9216 B, +9216 B, new",
  );
  for (const command of commands) assertFalse(command.includes("\n"));
  assertEquals(annotations(checkReport(old, old, OPTIONS), "/app"), []);
});
