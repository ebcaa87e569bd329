// Browser compatible.
import type { Figures } from "./figures.ts";

/** The largest share that a row has of any figure's total, 0 to 1. */
export function sharesOf(figures: Figures, totals: readonly number[]): Float64Array {
  const shares = new Float64Array(figures[0].length);
  figures.forEach((column, index) => {
    const total = totals[index];
    if (total <= 0) return;
    for (let row = 0; row < shares.length; row++) {
      const share = column[row] / total;
      if (share > shares[row]) shares[row] = share;
    }
  });
  return shares;
}

const STEPS_PER_HALVING = 64;
const STEPS = 64 * STEPS_PER_HALVING;

/**
 * The share that a row must exceed for at most `most` rows to be kept; 0 where all can be. Rows of like shares are kept
 * or left out together, so that what is left out can be stated.
 */
export function leastShare(shares: Float64Array, most: number): number {
  const histogram = new Int32Array(STEPS + 1);
  let used = 0;
  for (const share of shares) {
    if (share <= 0) continue;
    used++;
    histogram[Math.max(0, Math.min(STEPS, Math.floor(-Math.log2(share) * STEPS_PER_HALVING)))]++;
  }
  if (used <= most) return 0;
  let kept = 0;
  let step = 0;
  while (kept + histogram[step] <= most) kept += histogram[step++];
  return 2 ** (-step / STEPS_PER_HALVING);
}

/** The rows that are kept, in their order. */
export function rowsAbove(shares: Float64Array, least: number): Int32Array<ArrayBuffer> {
  const kept = new Int32Array(shares.length);
  let end = 0;
  for (let row = 0; row < shares.length; row++) if (shares[row] > least) kept[end++] = row;
  return kept.subarray(0, end);
}
