import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { collect, Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { hasNextToNothing, runSummary, runSummaryText } from "../../../src/report/views/run_summary.ts";
import { statsReport } from "../../../src/report/views/stats.ts";
import { topReport } from "../../../src/report/views/top.ts";
import { instrumented } from "../../instrumented.ts";
import { VIEW } from "../fixtures.ts";

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

test("runSummary() counts as the views do, strings included", async () => {
  stop();
  const { texts } = await instrumented(
    `export const kept = [];
export const texts = (n) => { for (let i = 0; i < n; i++) { const one = { text: "text " + i }; if (i % 10 === 0) kept.push(one); } };`,
  );
  start();
  try {
    texts(1000);
    await collect();
    const snapshot = Snapshot.fromBytes(takeSnapshot().toBytes());
    const { total } = statsReport(snapshot);
    const summary = runSummary(snapshot);
    assertEquals(
      [summary.alive, summary.allocatedCount, summary.diedCount],
      [total.size, total.allocatedCount, total.allocatedCount - total.count],
    );
    // A tenth of the objects, and the strings that these hold.
    assertEquals(summary.allocatedCount - summary.diedCount, 200);
    assertEquals(topReport(snapshot, VIEW).total.count, 200);
    assert(summary.allocatedCount >= 2000, `${summary.allocatedCount} allocated`);
  } finally {
    stop();
  }
});

const RUN = {
  files: 1,
  alive: 2048,
  peak: 4096,
  upperBounds: { alive: false, peak: false },
  allocatedCount: 12_345,
  diedCount: 345,
};

test("runSummaryText() says it in one line", () => {
  assertEquals(
    runSummaryText(RUN),
    "1 file instrumented; 12,345 blocks allocated, of which 345 died; 2048 B alive at the end; 4096 B at the peak",
  );
  assertEquals(
    runSummaryText({ ...RUN, files: null, peak: null }),
    "12,345 blocks allocated, of which 345 died; 2048 B alive at the end",
  );
  assertEquals(
    runSummaryText({ ...RUN, upperBounds: { alive: true, peak: true } }),
    "1 file instrumented; 12,345 blocks allocated, of which at least 345 died; at most 2048 B alive at the end; at most 4096 B at the peak",
  );
  assertEquals(
    runSummaryText({ ...RUN, files: null, upperBounds: { alive: false, peak: true } }),
    "12,345 blocks allocated, of which 345 died; 2048 B alive at the end; at most 4096 B at the peak",
  );
});

test("hasNextToNothing() tells where what was alive once has died", () => {
  assertEquals(
    [4096, 300, 204, 0].map((alive) => hasNextToNothing({ ...RUN, alive })),
    [false, false, true, true],
  );
  assertEquals(hasNextToNothing({ ...RUN, alive: 0, peak: null }), false);
});
