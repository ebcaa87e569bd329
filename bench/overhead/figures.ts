// What the runs found, and what follows from it.

/** What a process found. */
export interface Figures {
  /** Milliseconds per iteration, the event loop's turn after it included. */
  readonly mean: number;
  readonly median: number;
  readonly iterations: number;
  /** Bytes. */
  readonly peakRss: number;
}

/** By program, by mode: a process a round. */
export type Found = Readonly<Record<string, Readonly<Record<string, readonly Figures[]>>>>;

/** A mode beside the untouched program. */
export interface Comparison {
  readonly mean: number;
  readonly median: number;
  readonly peakRss: number;
  /** Of the means, the medians, and peak RSS. */
  readonly ratio: { readonly mean: number; readonly median: number; readonly peakRss: number };
}

/** The worst case, which is left out of the mean over the real programs. */
export const WORST_CASE = "trees";
export const UNTOUCHED = "untouched";

const average = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;
const middle = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1];

/** The geometric mean. */
export const geometric = (list: readonly number[]): number => Math.exp(average(list.map(Math.log)));

/**
 * A mode of a program beside the program untouched. Of the rounds' means and medians the middle one counts: a round in
 * which the machine did something else would carry an average off.
 */
export function compare(figures: readonly Figures[], untouched: readonly Figures[]): Comparison {
  const of = (list: readonly Figures[], key: "mean" | "median" | "peakRss"): number =>
    middle(list.map((each) => each[key]));
  const own = { mean: of(figures, "mean"), median: of(figures, "median"), peakRss: of(figures, "peakRss") };
  return {
    ...own,
    ratio: {
      mean: own.mean / of(untouched, "mean"),
      median: own.median / of(untouched, "median"),
      peakRss: own.peakRss / of(untouched, "peakRss"),
    },
  };
}

/** By mode: geometric means over the real programs. */
export function overall(found: Found): Record<string, { mean: number; median: number; peakRss: number }> {
  const programs = Object.entries(found).filter(([program]) => program !== WORST_CASE);
  const modes = Object.keys(programs[0]?.[1] ?? {});
  return Object.fromEntries(
    modes.map((mode) => {
      const ratios = programs.map(([, modes]) => compare(modes[mode], modes[UNTOUCHED]).ratio);
      const of = (key: "mean" | "median" | "peakRss"): number => geometric(ratios.map((ratio) => ratio[key]));
      return [mode, { mean: of("mean"), median: of("median"), peakRss: of("peakRss") }];
    }),
  );
}
