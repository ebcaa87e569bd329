// Rows of a snapshot with what others made for their blocks.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { setMade, withMade } from "../../../src/snapshot/take/made_sizes.ts";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import type { PathRows } from "../../../src/traces/paths/spread_paths.ts";

const ROWS: PathRows = {
  path: [1, 1, 2],
  site: [7, 8, 7],
  type: [0, 0, 0],
  size: [40, 16, 40],
  live: [10, 5, 3],
  peak: [12, 5, 3],
  allocated: [20, 5, 3],
};

const NO_TEXTS = { texts: [0], fewer: [0], of: [0], stringType: 9 };

function bytes(parts: readonly PathRows[], of: "live" | "peak"): number {
  return parts.reduce(
    (sum, rows) => sum + Array.from(rows.size, (size, i) => size * rows[of]![i]).reduce((a, b) => a + b, 0),
    0,
  );
}

test("blocks move to rows of their whole size, all of them to the byte, and so much was allocated", () => {
  const blocks = new BlockTable(1);
  assertEquals(withMade([ROWS], blocks), [ROWS]);
  setMade(blocks, { path: [1], site: [7], type: [0], bytes: [12.3], ...NO_TEXTS });
  const parts = withMade([ROWS], blocks);
  assertEquals(bytes(parts, "live") - bytes([ROWS], "live"), 123);
  assertEquals(bytes(parts, "peak") - bytes([ROWS], "peak"), Math.round(12 * 12.3));
  const alive = parts.flatMap(({ live }) => [...Array.from(live)]).reduce((a, b) => a + b, 0);
  assertEquals(alive, 18);
  // The session's rows stay where they are: marks are their numbers.
  assertEquals(Array.from(parts[0].size), [40, 16, 40]);
  assertEquals(Array.from(parts[0].live), [0, 5, 3]);
  assert(parts[0].grown!.get(0)! >= 123);
});

test("without paths a line has one figure", () => {
  const blocks = new BlockTable(1);
  setMade(blocks, { path: null, site: [7], type: [0], bytes: [100], ...NO_TEXTS });
  assertEquals(bytes(withMade([ROWS], blocks), "live") - bytes([ROWS], "live"), 1300);
});

test("blocks that take less than they were taken for move to smaller rows, of no fewer than 0 bytes", () => {
  const blocks = new BlockTable(1);
  const found = { path: null, site: [7, 8], type: [0, 0], bytes: [-7.5, -100], ...NO_TEXTS };
  Object.assign(found, { texts: [0, 0], fewer: [0, 0], of: [0, 0] });
  setMade(blocks, found);
  const parts = withMade([ROWS], blocks);
  assertEquals(bytes(parts, "live"), Math.round(13 * (40 - 7.5)));
  assertEquals(
    parts.flatMap(({ grown }) => [...(grown ?? new Map()).values()]).filter((more) => more < 0),
    [],
  );
});

test("strings that nobody saw get rows of their own, as many as there are blocks", () => {
  const blocks = new BlockTable(1);
  setMade(blocks, { path: null, site: [8], type: [0], bytes: [0], ...NO_TEXTS, texts: [200.2] });
  const [own, added] = withMade([ROWS], blocks);
  assertEquals(Array.from(own.live), [10, 5, 3]);
  assertEquals(
    [...new Set(Array.from(added.type))].concat(bytes([added], "live"), bytes([added], "peak")),
    [9, 1001, 1001],
  );
  assertEquals(
    Array.from(added.live).reduce((a, b) => a + b, 0),
    5,
  );
});

test("where fewer are there than those that are followed stand for, so many fewer are alive; what comes later is all there", () => {
  const alive = (parts: readonly PathRows[]): number =>
    parts.reduce((sum, { live }) => sum + Array.from(live).reduce((a, b) => a + b, 0), 0);
  const blocks = new BlockTable(1);
  setMade(blocks, { path: null, site: [7], type: [0], bytes: [0], ...NO_TEXTS, fewer: [4], of: [13] });
  const [then] = withMade([ROWS], blocks);
  assertEquals([alive([then]), then.live[1]], [18 - 4, 5]);
  assertEquals(alive(withMade([{ ...ROWS, live: [110, 5, 3] }], blocks)), 118 - 4);
  // Half have gone.
  assertEquals(alive(withMade([{ ...ROWS, live: [5, 5, 2] }], blocks)), 12 - 2);
  setMade(blocks, { path: null, site: [7], type: [0], bytes: [8], ...NO_TEXTS, fewer: [-2], of: [13] });
  const more = withMade([ROWS], blocks);
  assertEquals([alive(more), bytes(more, "live")], [20, 15 * 48 + 5 * 16]);
});
