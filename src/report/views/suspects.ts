// Browser compatible.
import type { Statistic, StatisticDiff } from "../../statistics/statistic.ts";

// Rules, not judgements: each says what was measured, so that a reader can disagree. None of them can know whether
// memory is still needed.

const LEAST_GROWTH = 1024;
const LEAST_BLOCKS = 100;
const KEPT_SHARE = 0.9;
const LIVE_SHARE = 0.01;
const KEPT_OF_NEW = 0.5;

/** What makes a line a suspect in one snapshot. */
export const KEEPS_ALL_RULE: string =
  `${LEAST_BLOCKS} blocks or more were allocated, ${KEPT_SHARE * 100} % or more of them are alive, ` +
  `and they are ${LIVE_SHARE * 100} % or more of the live memory`;

/** Entries that keep nearly everything they allocate. */
export function keepsAll(statistics: readonly Statistic[], liveSize: number): Statistic[] {
  return statistics.filter(
    ({ size, count, allocatedCount }) =>
      allocatedCount >= LEAST_BLOCKS && count >= allocatedCount * KEPT_SHARE && size >= liveSize * LIVE_SHARE,
  );
}

/** What makes a line a suspect between two snapshots. */
export const GREW_AND_KEPT_RULE: string =
  `the live size grew by ${LEAST_GROWTH / 1024} KiB or more, ` +
  `and ${KEPT_OF_NEW * 100} % or more of the blocks allocated since the old snapshot are alive`;

/** Entries that grew because they keep what they allocate, and not because they are busy. */
export function grewAndKept(differences: readonly StatisticDiff[]): StatisticDiff[] {
  return differences.filter(
    ({ sizeDiff, countDiff, allocatedCountDiff }) =>
      sizeDiff >= LEAST_GROWTH && countDiff >= Math.max(0, allocatedCountDiff) * KEPT_OF_NEW,
  );
}
