// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { totalsOf, usedKeys } from "./group.ts";
import { type KeyType, keyTableOf } from "./key_type.ts";
import { sortDescending } from "./sort.ts";
import { StatisticDiff } from "./statistic.ts";

/** Two snapshots in their order of time. */
export interface SnapshotPair {
  readonly old: SnapshotColumns;
  readonly new: SnapshotColumns;
}

/**
 * What grew and what shrank per key, sorted by |size difference|, size, |count difference|, count and traceback,
 * descending.
 */
export function differencesOf(pair: SnapshotPair, keyType: KeyType, cumulative: boolean): StatisticDiff[] {
  const keys = keyTableOf(keyType, cumulative);
  // Both take in their keys before anything is added up: the sums need the number of all keys.
  const keyOfNew = keys.assign(pair.new);
  const keyOfOld = keys.assign(pair.old);
  const now = totalsOf(pair.new, { keys, keyOf: keyOfNew, cumulative });
  const before = totalsOf(pair.old, { keys, keyOf: keyOfOld, cumulative });
  const used = usedKeys([now, before]);
  const magnitudes = [
    distances(now.size, before.size),
    now.size,
    distances(now.count, before.count),
    now.count,
  ];
  sortDescending(used, magnitudes, () => keys.order());
  const differences: StatisticDiff[] = [];
  // Not `Array.from`: an iterator takes as long as the objects.
  for (let i = 0; i < used.length; i++) {
    const key = used[i];
    differences.push(
      new StatisticDiff(keys.traceback(key), {
        key: keys.name(key),
        size: now.size[key],
        sizeDiff: now.size[key] - before.size[key],
        count: now.count[key],
        countDiff: now.count[key] - before.count[key],
        allocatedSize: now.allocatedSize[key],
        allocatedSizeDiff: now.allocatedSize[key] - before.allocatedSize[key],
        allocatedCount: now.allocatedCount[key],
        allocatedCountDiff: now.allocatedCount[key] - before.allocatedCount[key],
      }),
    );
  }
  return differences;
}

function distances(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => Math.abs(value - b[i]));
}
