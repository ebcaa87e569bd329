// Browser compatible.
import type { BlockColumns, SnapshotColumns } from "../snapshot/model/columns.ts";
import type { KeyTable } from "./key_table.ts";
import type { KeyType } from "./key_type.ts";
import { keyTableOf } from "./key_type.ts";
import { sortDescending } from "./sort.ts";
import { Statistic } from "./statistic.ts";

/** Sums per key (or per traceback), indexed by its number. */
export interface Totals {
  readonly size: Float64Array;
  readonly count: Float64Array;
  readonly allocatedSize: Float64Array;
  readonly allocatedCount: Float64Array;
}

/**
 * Adds up the blocks per key; the result is sorted by size, count and traceback, descending.
 * Keys under which everything is freed again are there too, with a count of 0, at the end.
 */
export function statisticsOf(snapshot: SnapshotColumns, keyType: KeyType, cumulative: boolean): Statistic[] {
  const keys = keyTableOf(keyType, cumulative);
  const totals = totalsOf(snapshot, { keys, keyOf: keys.assign(snapshot), cumulative });
  const used = usedKeys([totals]);
  sortDescending(used, [totals.size, totals.count], () => keys.order());
  const statistics: Statistic[] = [];
  // Not `Array.from`: an iterator takes as long as the objects.
  for (let i = 0; i < used.length; i++) {
    const key = used[i];
    statistics.push(
      new Statistic(keys.traceback(key), {
        key: keys.name(key),
        size: totals.size[key],
        count: totals.count[key],
        allocatedSize: totals.allocatedSize[key],
        allocatedCount: totals.allocatedCount[key],
      }),
    );
  }
  return statistics;
}

/** Where the rows of a snapshot are added up to. */
export interface Grouping {
  readonly keys: KeyTable;
  /** What `keys.assign` gave for the snapshot. */
  readonly keyOf: Int32Array;
  /** Whether every frame of a traceback gets the block, as often as it stands there, and not the most recent only. */
  readonly cumulative: boolean;
}

/** The sums of a snapshot per key. */
export function totalsOf(snapshot: SnapshotColumns, { keys, keyOf, cumulative }: Grouping): Totals {
  const { blocks, tracebacks } = snapshot;
  if (keys.per === "type") return rounded(sumRows(blocks, { to: blocks.type, keyOf, length: keys.length }));
  if (keys.per === "process") {
    // Without the column all blocks are of the first process, the only one.
    const to = blocks.process ?? new Int32Array(blocks.type.length);
    return rounded(sumRows(blocks, { to, keyOf, length: keys.length }));
  }
  const tracebackCount = tracebacks.offset.length - 1;
  if (!cumulative) {
    const keyOfTraceback = keys.per === "traceback" ? keyOf : mostRecent(snapshot, keyOf);
    return rounded(sumRows(blocks, { to: blocks.traceback, keyOf: keyOfTraceback, length: keys.length }));
  }
  const own = Int32Array.from({ length: tracebackCount }, (_, id) => id);
  const perTraceback = sumRows(blocks, { to: blocks.traceback, keyOf: own, length: tracebackCount });
  return rounded(spread(snapshot, { perTraceback, keyOf, length: keys.length }));
}

function mostRecent({ tracebacks }: SnapshotColumns, keyOfFrame: Int32Array): Int32Array {
  const { offset, frames } = tracebacks;
  const keys = new Int32Array(offset.length - 1);
  for (let id = 0; id < keys.length; id++) keys[id] = keyOfFrame[frames[offset[id + 1] - 1]];
  return keys;
}

/** So many keys of which there is nothing yet. */
export function newTotals(length: number): Totals {
  return {
    size: new Float64Array(length),
    count: new Float64Array(length),
    allocatedSize: new Float64Array(length),
    allocatedCount: new Float64Array(length),
  };
}

function sumRows(
  blocks: BlockColumns,
  { to, keyOf, length }: { to: Int32Array; keyOf: Int32Array; length: number },
): Totals {
  const totals = newTotals(length);
  const { size, count, allocatedSize, allocatedCount } = totals;
  for (let row = 0; row < to.length; row++) {
    const key = keyOf[to[row]];
    // Rounded per row, so that the sums are those of `Snapshot.traces` and survive a dump, which has whole counts.
    const alive = Math.round(blocks.count[row]);
    size[key] += blocks.size[row] * alive;
    count[key] += alive;
    allocatedSize[key] += blocks.allocatedSize[row];
    allocatedCount[key] += blocks.allocatedCount[row];
  }
  return totals;
}

function spread(
  { tracebacks }: SnapshotColumns,
  { perTraceback, keyOf, length }: { perTraceback: Totals; keyOf: Int32Array; length: number },
): Totals {
  const totals = newTotals(length);
  const { offset, frames } = tracebacks;
  for (let id = 0; id + 1 < offset.length; id++) {
    for (let at = offset[id]; at < offset[id + 1]; at++) {
      const key = keyOf[frames[at]];
      totals.size[key] += perTraceback.size[id];
      totals.count[key] += perTraceback.count[id];
      totals.allocatedSize[key] += perTraceback.allocatedSize[id];
      totals.allocatedCount[key] += perTraceback.allocatedCount[id];
    }
  }
  return totals;
}

/** Estimates and other tools' averages have fractions; bytes and blocks have none. */
function rounded(totals: Totals): Totals {
  for (const column of [totals.size, totals.allocatedSize, totals.allocatedCount]) {
    for (let key = 0; key < column.length; key++) column[key] = Math.round(column[key]);
  }
  return totals;
}

/** The keys that have anything in one of `all`, in no order. */
export function usedKeys(all: readonly Totals[]): Int32Array<ArrayBuffer> {
  const length = all[0].count.length;
  const used = new Int32Array(length);
  let end = 0;
  const isUsed = new Uint8Array(length);
  for (const { count, allocatedCount } of all) {
    for (let key = 0; key < length; key++) if (count[key] !== 0 || allocatedCount[key] !== 0) isUsed[key] = 1;
  }
  for (let key = 0; key < length; key++) if (isUsed[key] === 1) used[end++] = key;
  return used.subarray(0, end);
}
