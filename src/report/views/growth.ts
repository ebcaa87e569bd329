// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { usedKeys } from "../../statistics/group.ts";
import { seriesOf } from "../../statistics/series.ts";
import { sortDescending } from "../../statistics/sort.ts";
import { wholeSize } from "../text/units.ts";
import { entryKey } from "./top.ts";
import { type FrameJson, filtered, framesJson, pluralOf, type ViewOptions } from "./view.ts";

/** The least growth of a suspect, in bytes, unless told otherwise. */
export const LEAST_GROWTH = 1024;

/** An entry that grew in every step. Sizes in bytes. */
export interface GrowthEntry {
  readonly rank: number;
  readonly key: string;
  /** Bytes alive in each snapshot, from the first to the last. */
  readonly sizes: readonly number[];
  /** Blocks alive in each snapshot. */
  readonly counts: readonly number[];
  /** From the first to the last snapshot. */
  readonly growth: number;
  /** Oldest first; empty for a type. */
  readonly traceback: readonly FrameJson[];
}

/** What grew in every step of a series of snapshots. */
export interface GrowthReport {
  /** What an entry must fulfil to be listed, in words. */
  readonly rule: string;
  readonly steps: number;
  /** Bytes alive in each snapshot, over all. */
  readonly totals: readonly number[];
  /** How many entries there are, listed or not. */
  readonly entries: number;
  /** How many fulfil the rule. */
  readonly found: number;
  /** The largest growth first; no more than the view's limit. */
  readonly suspects: readonly GrowthEntry[];
}

/** Lists what grew in every step from the first snapshot to the last, the largest growth first. */
export function growthReport(
  snapshots: readonly Snapshot[],
  view: ViewOptions,
  leastGrowth: number = LEAST_GROWTH,
): GrowthReport {
  const columns = snapshots.map((snapshot) => filtered(snapshot, view).columns);
  const { keys, totals } = seriesOf(columns, view.by, view.cumulative);
  const last = totals.length - 1;
  const growth = totals[last].size.map((size, key) => size - totals[0].size[key]);
  const growing = growth
    .map((_, key) => key)
    .filter(
      (key) =>
        growth[key] >= leastGrowth &&
        totals.every(({ size }, step) => step === 0 || size[key] > totals[step - 1].size[key]),
    );
  const found = Int32Array.from(growing);
  sortDescending(found, [growth], () => keys.order());
  // Cumulative entries share blocks; a sum over them would count those twice.
  const whole = view.cumulative ? seriesOf(columns, "type", false).totals : totals;
  return {
    rule: ruleText(view, last, leastGrowth),
    steps: last,
    totals: whole.map(({ size }) => size.reduce((sum, bytes) => sum + bytes, 0)),
    entries: usedKeys(totals).length,
    found: found.length,
    suspects: Array.from(found.subarray(0, view.limit), (key, index) => {
      const traceback = keys.traceback(key);
      return {
        rank: index + 1,
        key: entryKey({ key: keys.name(key), traceback }, view.by),
        sizes: totals.map(({ size }) => size[key]),
        counts: totals.map(({ count }) => count[key]),
        growth: growth[key],
        traceback: framesJson(traceback),
      };
    }),
  };
}

function ruleText({ by }: ViewOptions, steps: number, leastGrowth: number): string {
  return `${pluralOf(by)} whose live size grew in each of the ${steps} steps, and by ${wholeSize(leastGrowth)} or more in all`;
}
