// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import { type KindDiff, kindsBetween } from "./resource_counts.ts";
import { entryKey } from "./top.ts";
import { sumOfKinds, totalKindsBetween } from "./total_kinds.ts";
import { type FrameJson, filtered, framesJson, type ViewOptions } from "./view.ts";

/** One entry of a comparison. Sizes in bytes; the differences are new less old. */
export interface DiffEntry {
  readonly rank: number;
  readonly key: string;
  readonly size: number;
  readonly sizeDiff: number;
  readonly count: number;
  readonly countDiff: number;
  /** Oldest first; empty for a type. */
  readonly traceback: readonly FrameJson[];
  /** The entry in the words of `StatisticDiff.toString()`. */
  readonly text: string;
  /** The blocks alive by kind; absent: all are memory, or of one domain that was chosen. */
  readonly kinds?: readonly KindDiff[];
}

/** Sums over several entries of a comparison. */
export interface DiffSum {
  readonly entries: number;
  readonly size: number;
  readonly sizeDiff: number;
  readonly count: number;
  readonly countDiff: number;
  /** The blocks alive by kind; absent: all are memory, or of one domain that was chosen. */
  readonly kinds?: readonly KindDiff[];
}

/** What `tracemalloc diff --json` prints. */
export interface DiffReport {
  readonly by: KeyType;
  readonly cumulative: boolean;
  readonly limit: number;
  readonly top: readonly DiffEntry[];
  /** What changed and did not make the top. */
  readonly other: DiffSum;
  /** How many entries are the same in both. */
  readonly unchanged: number;
  readonly total: DiffSum;
}

/** What grew and what shrank between two snapshots, the largest difference first. */
export function diffReport(newer: Snapshot, older: Snapshot, view: ViewOptions): DiffReport {
  const [now, before] = [filtered(newer, view), filtered(older, view)];
  const all = now.compareTo(before, view.by, view.cumulative);
  const changed = all.filter((one) => one.sizeDiff !== 0 || one.countDiff !== 0);
  const kindsAt = kindsBetween(now, before, view);
  const kinds = (found: KindDiff[] | null): Pick<DiffEntry, "kinds"> =>
    found === null ? {} : { kinds: found };
  const other = changed.slice(view.limit);
  // Cumulative entries share blocks; a sum over them would count those twice.
  const total = sum(view.cumulative ? now.compareTo(before, "filename") : all);
  return {
    by: view.by,
    cumulative: view.cumulative,
    limit: view.limit,
    top: changed.slice(0, view.limit).map((one, index) => ({
      rank: index + 1,
      key: entryKey(one, view.by),
      size: one.size,
      sizeDiff: one.sizeDiff,
      count: one.count,
      countDiff: one.countDiff,
      traceback: framesJson(one.traceback),
      text: String(one),
      ...kinds(kindsAt(one)),
    })),
    other: {
      ...sum(other),
      ...kinds(
        sumOfKinds(other.map((one) => ({ kinds: kindsAt(one), count: one.count, countDiff: one.countDiff }))),
      ),
    },
    unchanged: all.length - changed.length,
    total: {
      ...total,
      entries: all.length,
      ...kinds(view.domain === undefined ? totalKindsBetween(now, before) : null),
    },
  };
}

function sum(entries: readonly Omit<DiffSum, "entries">[]): DiffSum {
  const total = { entries: entries.length, size: 0, sizeDiff: 0, count: 0, countDiff: 0 };
  for (const one of entries) {
    total.size += one.size;
    total.sizeDiff += one.sizeDiff;
    total.count += one.count;
    total.countDiff += one.countDiff;
  }
  return total;
}
