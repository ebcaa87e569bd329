import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { collect, Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { notesOf, runSummary, runSummaryText } from "../../../src/report/views/run_summary.ts";
import { instrumented } from "../../instrumented.ts";

test("runSummary() counts what was allocated also where nothing has died", async () => {
  stop();
  const { keep } = await instrumented(
    "export const kept = [];\nexport const keep = (n) => { for (let i = 0; i < n; i++) kept.push({ i }); };",
  );
  start();
  try {
    keep(500);
    await collect();
    const summary = runSummary(Snapshot.fromBytes(takeSnapshot().toBytes()));
    assertEquals([summary.allocatedCount, summary.diedCount], [500, 0]);
  } finally {
    stop();
  }
});

test("runSummaryText() says it in one line", () => {
  const summary = { files: 1, alive: 2048, peak: 4096, allocatedCount: 12_345, diedCount: 345 };
  assertEquals(
    runSummaryText(summary),
    "1 file instrumented; 12,345 blocks allocated, of which 345 died; 2048 B alive at the end; 4096 B at the peak",
  );
  assertEquals(
    runSummaryText({ ...summary, files: null, peak: null }),
    "12,345 blocks allocated, of which 345 died; 2048 B alive at the end",
  );
});

test("notesOf() says what a reader has to know", () => {
  assertEquals(notesOf({ metadata: {} }), []);
  assertEquals(notesOf({ metadata: { files: 0, unsettled: true } }).length, 2);
});
