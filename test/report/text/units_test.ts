import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { bytesText, blocksText as onPage } from "../../../src/report/html/client/format.ts";
import { terminalTop } from "../../../src/report/terminal/terminal_top.ts";
import { terminalTree } from "../../../src/report/terminal/terminal_tree.ts";
import { blocks, wholeSize } from "../../../src/report/text/units.ts";
import { runSummaryText } from "../../../src/report/views/run_summary.ts";
import { blocksAt, PLAIN, snapshotOf } from "../fixtures.ts";

test("a size is written alike in the terminal's views, in a run's summary, in a statistic and on pages", () => {
  for (const [size, text] of [
    [999, "999 B"],
    [10496, "10.2 KiB"],
    [156_000, "152 KiB"],
    [11 * 2 ** 20, "11.0 MiB"],
    [50 * 2 ** 40, "50.0 TiB"],
  ] as const) {
    const snapshot = snapshotOf(blocksAt(1, size, "a.ts:1"));
    const view = { by: "lineno", cumulative: false, limit: 10, include: [], exclude: [] } as const;
    const tree = { measure: "size", min: 0, depth: 9, inverted: false, include: [], exclude: [] } as const;
    const run = {
      files: null,
      alive: size,
      peak: null,
      upperBounds: { alive: false, peak: false },
      allocatedCount: 1,
      diedCount: 0,
    };
    const [statistic] = snapshot.statistics("lineno");
    assertEquals(
      {
        top: terminalTop(snapshot, view, PLAIN)[1],
        tree: terminalTree(snapshot, tree, PLAIN)[0],
        run: runSummaryText(run).split("; ")[1],
        statistic: String(statistic).split(", ")[0],
        page: bytesText(size),
      },
      {
        top: `#1: a.ts:1: ${text}`,
        tree: `Live: ${text} in 1 block`,
        run: `${text} alive at the end`,
        statistic: `a.ts:1: size=${text}`,
        page: text,
      },
    );
  }
});

test("thousands of blocks are set apart alike in the terminal and on pages", () => {
  for (const count of [0, 7, 999, 1000, 39_328.4, 12_345_678]) assertEquals(onPage(count), blocks(count));
  assertEquals([blocks(39_328.4), onPage(-1234), onPage(1234, true)], ["39,328", "−1,234", "+1,234"]);
});

test("a size that somebody chose is written exactly", () => {
  assertEquals([2 ** 20, 1_000_001, 1536].map(wholeSize), ["1 MiB", "1000001 B", "1536 B"]);
});
