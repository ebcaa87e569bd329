// Whatever a file holds, it is refused as one, or every view of it is made, and nothing of it can be taken for more
// than text.
import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { type ExportFormat, FORMATS } from "../../src/report/export/formats.ts";
import { reportPage } from "../../src/report/html/page.ts";
import { terminalCheck } from "../../src/report/terminal/check_text.ts";
import { terminalDiff } from "../../src/report/terminal/terminal_diff.ts";
import { terminalShortLived } from "../../src/report/terminal/terminal_short_lived.ts";
import { terminalStats } from "../../src/report/terminal/terminal_stats.ts";
import { terminalTop } from "../../src/report/terminal/terminal_top.ts";
import { terminalTree } from "../../src/report/terminal/terminal_tree.ts";
import { jsonText } from "../../src/report/text/json_text.ts";
import { checkReport } from "../../src/report/views/check.ts";
import { topReport } from "../../src/report/views/top.ts";
import { GROUPINGS, type ViewOptions } from "../../src/report/views/view.ts";
import { mergeSnapshots } from "../../src/snapshot/merge/merge_snapshots.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { SnapshotFormatError } from "../../src/vocabulary/errors.ts";
import { Choices } from "../fuzz/choices.ts";
import { hostileProfile } from "../snapshot/pprof/hostile_profile.ts";
import { blocksAt, PLAIN, snapshotOf, VIEW } from "./fixtures.ts";
import { modelOf } from "./html/models.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 400);
/** Bun's own limit for a test is five seconds, which a busy machine exceeds. */
const slow = { timeout: 120_000 };
const older = snapshotOf(blocksAt(3, 8, "/app/main.ts:1", "main:2"));

/** The snapshot, or null where the file is refused in the one way that there is. */
function load(bytes: Uint8Array): Snapshot | null {
  try {
    return Snapshot.fromBytes(bytes);
  } catch (error) {
    if (!(error instanceof SnapshotFormatError)) throw error;
    assertFalse(/[\p{Cc}\p{Cf}]/u.test(error.message), error.message);
    return null;
  }
}

function isExact({ columns }: Snapshot): boolean {
  const { count, size } = columns.blocks;
  return count.every((blocks, row) => Number.isSafeInteger(blocks * Math.max(1, size[row]!)));
}

/** Every view by name, as lines. */
function views(snapshot: Snapshot): Record<string, readonly string[]> {
  const view = (by: ViewOptions["by"]): ViewOptions => ({ ...VIEW, by });
  const tree = {
    measure: "size",
    min: 0,
    depth: Number.POSITIVE_INFINITY,
    include: [],
    exclude: [],
  } as const;
  const narrow = { ...PLAIN, columns: 40, directory: "/app" };
  const check = checkReport(snapshot, older, {
    ...{ maxGrowth: { bytes: 1 }, by: "lineno", minSize: 0, limit: 10, include: [], exclude: [] },
  });
  return {
    ...Object.fromEntries(GROUPINGS.map((by) => [`top ${by}`, terminalTop(snapshot, view(by), PLAIN)])),
    tree: terminalTree(snapshot, { ...tree, inverted: false }, narrow),
    inverted: terminalTree(snapshot, { ...tree, inverted: true }, PLAIN),
    stats: terminalStats(snapshot, PLAIN),
    diff: terminalDiff(snapshot, older, VIEW, narrow),
    "short-lived": terminalShortLived(snapshot, VIEW, PLAIN),
    check: terminalCheck(check, PLAIN),
    json: jsonText(topReport(snapshot, VIEW)).split("\n"),
  };
}

test("of a hostile file every view is made, or it is refused", slow, () => {
  const outcomes = { loaded: 0, refused: 0 };
  const property = fc.property(fc.uint8Array({ minLength: 30, maxLength: 300 }), (choice) => {
    const snapshot = load(hostileProfile(new Choices(choice)));
    if (snapshot === null) {
      outcomes.refused++;
      return;
    }
    outcomes.loaded++;
    for (const [name, lines] of Object.entries(views(snapshot))) {
      for (const line of lines) assertFalse(/[\p{Cc}\p{Cf}]/u.test(line), `${name}: ${JSON.stringify(line)}`);
    }
    const texts = Object.fromEntries(
      Object.entries(FORMATS).map(([format, write]) => [
        format as ExportFormat,
        [...write(snapshot, { older })].join(""),
      ]),
    ) as Record<ExportFormat, string>;
    for (const format of ["json", "speedscope", "heapprofile"] as const) JSON.parse(texts[format]);
    for (const format of ["collapsed", "markdown", "json"] as const) {
      assertFalse(/(?!\n)[\p{Cc}\p{Cf}]/u.test(texts[format]), `${format}: ${JSON.stringify(texts[format])}`);
    }
    assertFalse(/^[=+\-@]/m.test(texts.csv), texts.csv);
    const page = reportPage(modelOf(snapshot, older), { script: "", style: "" });
    assertEquals(page.match(/<\/script>/g)?.length, 3, page);
    assertFalse(page.includes("<!--"));
    const again = Snapshot.fromBytes(snapshot.toBytes());
    // Figures beyond 2^53 are rounded where they are multiplied.
    if (isExact(snapshot)) assert(again.equals(snapshot), "what was loaded is dumped as it is");
    const parts = [snapshot, older].map((one, index) => ({ name: `part ${index}`, snapshot: one }));
    const merged = mergeSnapshots(parts, { samePid: true }).snapshot;
    if (isExact(snapshot)) assertEquals(merged.traces.length, snapshot.traces.length + older.traces.length);
  });
  fc.assert(property, { numRuns: RUNS, seed: Number(process.env.FUZZ_SEED ?? 1) });
  assert(outcomes.loaded > RUNS / 4 && outcomes.refused > RUNS / 20, JSON.stringify(outcomes));
});
