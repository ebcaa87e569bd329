// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import type { Traceback } from "../snapshot/model/traceback.ts";
import type { Digits } from "./sort.ts";

/**
 * Numbers the keys that statistics group by, over one or several snapshots: equal keys of different snapshots get
 * the same number, and then only numbers are added up and compared.
 */
export interface KeyTable {
  /** What a key belongs to: its block's most recent frame, its traceback, its type, or its process. */
  readonly per: "frame" | "traceback" | "type" | "process";
  /** How many keys there are so far. */
  readonly length: number;
  /** Takes in a snapshot: the key of each of its frames, tracebacks, types or processes. */
  assign(columns: SnapshotColumns): Int32Array;
  /** The order of Python's tuples of frames, ascending; for the keys taken in so far. */
  order(): Digits;
  /** The traceback of a statistic. */
  traceback(key: number): Traceback;
  /** The name of a statistic. */
  name(key: number): string;
}

/** The place of each string among all, in order of code points. */
export function ranksOf(
  names: readonly string[],
  compare: (a: string, b: string) => number,
): Int32Array<ArrayBuffer> {
  const sorted = Array.from(names, (_, id) => id).sort((a, b) => compare(names[a], names[b]));
  const ranks = new Int32Array(names.length);
  for (let i = 0; i < sorted.length; i++) ranks[sorted[i]] = i;
  return ranks;
}
