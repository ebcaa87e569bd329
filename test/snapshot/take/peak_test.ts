import { test } from "node:test";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { Filter } from "../../../src/statistics/filter.ts";
import { APP_ROWS, toColumns } from "../model/columns_fixture.ts";

function withPeak(peakCount: Float64Array): Snapshot {
  const columns = toColumns(APP_ROWS);
  return new Snapshot({ ...columns, blocks: { ...columns.blocks, peakCount } });
}

test("a dump keeps how many blocks were alive at the peak", () => {
  const loaded = Snapshot.fromBytes(withPeak(Float64Array.of(3000, 0, 7)).toBytes());
  assertEquals([...loaded.columns.blocks.peakCount!], [3000, 0, 7]);
  // Estimates become whole numbers, and may be larger than 32 bits hold.
  const large = Snapshot.fromBytes(withPeak(Float64Array.of(2 ** 40, 1.6, 0)).toBytes());
  assertEquals([...large.columns.blocks.peakCount!], [2 ** 40, 2, 0]);
});

test("a snapshot that knows nothing of its peak says so after a dump", () => {
  const loaded = Snapshot.fromBytes(new Snapshot(toColumns(APP_ROWS)).toBytes());
  assertEquals(loaded.columns.blocks.peakCount, undefined);
});

test("filtered snapshots keep the peaks of their rows", () => {
  const filtered = withPeak(Float64Array.of(5, 6, 7)).filterTraces([new Filter(true, "/app/cache.ts")]);
  assertEquals([...filtered.columns.blocks.peakCount!], [5]);
  assertAlmostEquals(filtered.columns.blocks.count[0]!, 1000);
});
