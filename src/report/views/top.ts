// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { Filter } from "../../statistics/filter.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { Statistic } from "../../statistics/statistic.ts";
import { type LineMark, lineMarks, TENTHS_RULE } from "./line_marks.ts";
import { type KindCount, kindsOf, resourceCounts } from "./resource_counts.ts";
import { type FrameJson, filtered, framesJson, type ViewOptions } from "./view.ts";

/** One entry of the top. Sizes in bytes; counts are fractions where they are estimates. */
export interface TopEntry {
  readonly rank: number;
  /** What the entry stands for: `file:line`, a file, a function or a type. */
  readonly key: string;
  readonly size: number;
  readonly count: number;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
  /** Oldest first; empty for a type. */
  readonly traceback: readonly FrameJson[];
  /** The blocks alive by kind; absent: all are memory, or of one domain that was chosen. */
  readonly kinds?: readonly KindCount[];
  /** What stands out about a line; absent: nothing is known of it. */
  readonly mark?: LineMark;
}

/** Sums over several entries. */
export interface TopSum {
  readonly entries: number;
  readonly size: number;
  readonly count: number;
}

/** What `tracemalloc top --json` prints. */
export interface TopReport {
  readonly by: KeyType;
  readonly cumulative: boolean;
  readonly limit: number;
  readonly top: readonly TopEntry[];
  /** What did not make the top. */
  readonly other: TopSum;
  /** What has no known file, and was left out as the manual's example leaves it out. */
  readonly unknown: TopSum;
  readonly total: TopSum;
  /** Lines that grew in every tenth of the run, the largest first, whether they made the top or not. */
  readonly suspects: readonly TopEntry[];
  /** By what rule they are suspects. */
  readonly suspectsRule: string;
}

/** Suspects that are listed. */
const MOST_SUSPECTS = 10;

/** The entries that hold the most memory. */
export function topReport(snapshot: Snapshot, view: ViewOptions): TopReport {
  const { known, unknown } = splitUnknown(filtered(snapshot, view), view);
  const all = known.statistics(view.by, view.cumulative).filter((one) => one.size > 0 || one.count > 0);
  // Cumulative entries share blocks; a sum over them would count those twice.
  const total = view.cumulative ? { ...sum(known.statistics("filename")), entries: all.length } : sum(all);
  // At the peak the end of the run was yet to come.
  const marks = view.by === "lineno" && snapshot.metadata.at !== "peak" ? lineMarks(snapshot) : null;
  const resources = resourceCounts(known, view);
  const entry = (one: Statistic, index: number): TopEntry => {
    const mark = marks?.get(one.key);
    const counts = resources.get(one.key);
    return {
      ...topEntry(one, index + 1, view.by),
      ...(counts !== undefined && { kinds: kindsOf(one.count, counts) }),
      ...(mark !== undefined && { mark }),
    };
  };
  return {
    by: view.by,
    cumulative: view.cumulative,
    limit: view.limit,
    top: all.slice(0, view.limit).map((one, index) => entry(one, index)),
    other: sum(all.slice(view.limit)),
    unknown,
    total,
    suspects: all
      .map((one, index) => ({ one, index }))
      .filter(({ one }) => marks?.get(one.key)?.grew === true)
      .slice(0, MOST_SUSPECTS)
      .map(({ one, index }) => entry(one, index)),
    suspectsRule: TENTHS_RULE,
  };
}

function splitUnknown(
  snapshot: Snapshot,
  { by, include }: ViewOptions,
): { known: Snapshot; unknown: TopSum } {
  const none: TopSum = { entries: 0, size: 0, count: 0 };
  if (by === "type" || include.length > 0) return { known: snapshot, unknown: none };
  const unknown = sum(snapshot.filterTraces([new Filter(true, "<unknown>")]).statistics("lineno"));
  if (unknown.size === 0 && unknown.count === 0) return { known: snapshot, unknown: none };
  return { known: snapshot.filterTraces([new Filter(false, "<unknown>")]), unknown };
}

function topEntry(statistic: Statistic, rank: number, by: KeyType): TopEntry {
  const { size, count, allocatedSize, allocatedCount, traceback } = statistic;
  return {
    rank,
    key: entryKey(statistic, by),
    size,
    count,
    allocatedSize,
    allocatedCount,
    traceback: framesJson(traceback),
  };
}

/** The name under which an entry is shown. */
export function entryKey({ key, traceback }: Pick<Statistic, "key" | "traceback">, by: KeyType): string {
  // A file's own key ends in `:0`, the line that it does not have.
  return by === "filename" ? (traceback.at(0)?.filename ?? key) : key;
}

function sum(statistics: readonly Statistic[]): TopSum {
  let size = 0;
  let count = 0;
  for (const one of statistics) {
    size += one.size;
    count += one.count;
  }
  return { entries: statistics.length, size, count };
}
