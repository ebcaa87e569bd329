// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { type Totals, totalsOf } from "./group.ts";
import type { KeyTable } from "./key_table.ts";
import { type KeyType, keyTableOf } from "./key_type.ts";

/** The sums of several snapshots under the same keys. */
export interface Series {
  readonly keys: KeyTable;
  /** By snapshot; each indexed by key. */
  readonly totals: readonly Totals[];
}

/** Adds up several snapshots per key. */
export function seriesOf(
  snapshots: readonly SnapshotColumns[],
  keyType: KeyType,
  cumulative: boolean,
): Series {
  const keys = keyTableOf(keyType, cumulative);
  // All take in their keys before anything is added up: the sums need the number of all keys.
  const keyOf = snapshots.map((snapshot) => keys.assign(snapshot));
  return {
    keys,
    totals: snapshots.map((snapshot, index) => totalsOf(snapshot, { keys, keyOf: keyOf[index], cumulative })),
  };
}
