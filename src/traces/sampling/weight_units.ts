// Browser compatible.

const { round } = Math;

/**
 * Weights are whole numbers of these, so that their sums are exact: what comes and goes leaves nothing behind, in whatever
 * order. 2⁻¹⁶ changes no weight by more than 8 · 10⁻⁶, and leaves doubles room for sums up to 2³⁷.
 */
const UNITS = 2 ** 16;

/** The nearest weight whose sums are exact. */
export function inWholeUnits(weight: number): number {
  return round(weight * UNITS) / UNITS;
}
