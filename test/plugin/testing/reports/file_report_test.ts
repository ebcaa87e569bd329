import { test } from "node:test";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type RawTrace, Snapshot } from "../../../../mod.ts";
import { checkReportOptions } from "../../../../plugin/testing/reports/budgets.ts";
import {
  annotations,
  overBudget,
  reportFiles,
  summaryText,
} from "../../../../plugin/testing/reports/file_report.ts";

/** Heap, external memory, a string's, and one of a domain that came later. */
const LARGE: RawTrace[] = [
  [0, 30_000, [["/app/src/store.ts", 12]]],
  [1, 70_000, [["/app/src/store.ts", 9]]],
  [2, 500, [["/app/src/store.ts", 12]]],
  [3, 0, [["/app/src/timers.ts", 3]]],
  [3, 0, [["/app/src/timers.ts", 3]]],
  [4, 0, [["/app/src/timers.ts", 3]]],
  [20, 0, [["/app/src/timers.ts", 3]]],
];
const SMALL: RawTrace[] = [[0, 900, [["/app/node_modules/dep/index.js", 1]]]];

function reports(options: object = {}, metadata: Record<string, unknown> = {}) {
  const checked = checkReportOptions(options, "/app", {});
  const kept = [SMALL, LARGE].map((traces, i) => {
    const snapshot = Snapshot.fromTraces(traces, 1);
    Object.assign(snapshot.metadata, { files: 3 }, metadata);
    return { file: `/app/test/${i === 0 ? "small" : "large"}.test.ts`, snapshot };
  });
  return { checked, found: reportFiles(kept, checked) };
}

test("the file that keeps most comes first, with its lines; strings are no objects, and resources are counted apart", () => {
  const { checked, found } = reports();
  assertEquals(
    found.map(({ file, size, count, resources }) => [file, size, count, [...resources]]),
    [
      [
        "/app/test/large.test.ts",
        100_500,
        2,
        [
          ["timers", 2],
          ["listeners", 1],
          ["tracked (domain 20)", 1],
        ],
      ],
      ["/app/test/small.test.ts", 900, 1, []],
    ],
  );
  const text = summaryText(found, { ...checked, root: "/app", help: "HELP" });
  assertEquals(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.trim()),
    [
      "Memory kept by test files, after their last test:",
      "98.1 KiB  test/large.test.ts   2 objects, 2 timers, 1 listener, 1 tracked (domain 20)",
      "68.4 KiB  src/store.ts:9   in 1",
      "29.8 KiB  src/store.ts:12   in 2",
      "0 B  src/timers.ts:3   in 4",
      "900 B  test/small.test.ts   1 object",
      "900 B  node_modules/dep/index.js:1   in 1",
    ],
  );
});

test("budgets: by globs first, then the one of all; a file over its budget is always shown", () => {
  const { checked, found } = reports({ budget: "50 KiB", budgets: { "test/sm*.ts": 800 }, files: 0 });
  assertEquals(
    overBudget(found).map(({ file, budget }) => [file, budget]),
    [
      ["/app/test/large.test.ts", 51_200],
      ["/app/test/small.test.ts", 800],
    ],
  );
  const text = summaryText(found, { ...checked, root: "/app", help: "" });
  assertStringIncludes(
    text,
    "test/large.test.ts   2 objects, 2 timers, 1 listener, 1 tracked (domain 20)   over its budget of 50 KiB",
  );
  assertEquals(overBudget(reports({ budget: 100_500 }).found), []);
  assertEquals(overBudget(reports().found), []);
});

test("options that are none are refused, and the variable is named", () => {
  const refused = (options: unknown, env: Record<string, string> = {}) =>
    assertThrows(() => checkReportOptions(options, "/app", env)).message;
  assertStringIncludes(
    refused({ budget: "much" }),
    'budget must be a number of bytes, or a text such as "512 KiB"',
  );
  assertStringIncludes(refused({}, { TRACEMALLOC_TEST_BUDGET: "-1" }), "TRACEMALLOC_TEST_BUDGET must be");
  assertStringIncludes(refused({ budgets: { "a*": {} } }), 'budgets["a*"] must be');
  assertStringIncludes(refused({ budgets: 3 }), "budgets must be an object of globs and sizes, got 3");
  assertStringIncludes(refused({ lines: 1.5 }), "lines must be a whole number, 0 or more, got 1.5");
  assertStringIncludes(refused("1 MiB"), "options must be an object");
});

test("on GitHub, the line that keeps most is marked; a package's line is not the repository's", () => {
  const { found } = reports({ budget: 1, files: 1 });
  assertEquals(annotations(found, "/app", {}), "");
  const lines = annotations(found, "/app", { GITHUB_ACTIONS: "true" }).split("\n");
  assertEquals(lines, [
    "::error file=src/store.ts,line=9,title=Memory kept by tests::test/large.test.ts keeps 98.1 KiB, its budget is 1 B; " +
      "most of it by /app/src/store.ts:9 (68.4 KiB)",
    "::error file=test/small.test.ts,line=1,title=Memory kept by tests::test/small.test.ts keeps 900 B, its budget is 1 B; " +
      "most of it by /app/node_modules/dep/index.js:1 (900 B)",
    "",
  ]);
});

test("names cannot forge lines of the summary, or commands", () => {
  const checked = checkReportOptions({ budget: 1 }, "/app", {});
  const name = "/app/a\n::error::b,c:d%.test.ts\u001b[2J";
  const snapshot = Snapshot.fromTraces([[0, 99, [[name, 7]]]], 1);
  const found = reportFiles([{ file: name, snapshot }], checked);
  const text = summaryText(found, { ...checked, root: "/app", help: "" });
  assertEquals(text.split("\n").length, 6);
  assertEquals(text.includes("\u001b"), false);
  const command = annotations(found, "/app", { GITHUB_ACTIONS: "true" });
  assertEquals(command.trimEnd().split("\n").length, 1);
  assertStringIncludes(command, "file=a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad%25.test.ts");
});

test("what was not instrumented, and what sent nothing, is said, with what to do", () => {
  const { checked, found } = reports({}, { files: 0 });
  const text = summaryText(found, {
    ...checked,
    root: "/app",
    missing: ["/app/test/none.test.ts"],
    help: "HELP",
  });
  assertStringIncludes(text, "test/small.test.ts   1 object   none of its code is instrumented");
  assertStringIncludes(text, "?  test/none.test.ts   nothing was recorded\n\nHELP\n");
});
