// What the runs found, and what follows from it.

/** What a process found. */
export interface Figures {
  /** Milliseconds per iteration, the event loop's turn after it included. */
  readonly mean: number;
  readonly median: number;
  /** CPU time of all threads, the collector's too, an iteration: what the machine does besides hardly changes it. */
  readonly cpu: number;
  readonly iterations: number;
  /** Bytes. */
  readonly peakRss: number;
}

/** By program, by mode: a process a round. */
export type Found = Readonly<Record<string, Readonly<Record<string, readonly Figures[]>>>>;

const MEASURES = ["mean", "median", "cpu", "peakRss"] as const;
type Measured = Readonly<Record<(typeof MEASURES)[number], number>>;

/** A mode beside the untouched program. */
export interface Comparison extends Measured {
  readonly ratio: Measured;
}

/** The worst case, which is left out of the mean over the real programs. */
export const WORST_CASE = "trees";
export const UNTOUCHED = "untouched";

const average = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;

/** The geometric mean. */
export const geometric = (list: readonly number[]): number => Math.exp(average(list.map(Math.log)));

/**
 * A mode of a program beside the program untouched. Of the rounds the least counts, on both sides: what a machine does besides
 * only adds to what a process takes.
 */
export function compare(figures: readonly Figures[], untouched: readonly Figures[]): Comparison {
  const own = measured((key) => Math.min(...figures.map((each) => each[key])));
  const base = measured((key) => Math.min(...untouched.map((each) => each[key])));
  return { ...own, ratio: measured((key) => own[key] / base[key]) };
}

function measured(of: (key: keyof Measured) => number): Measured {
  return Object.fromEntries(MEASURES.map((key) => [key, of(key)])) as Measured;
}

/** By mode: geometric means over the real programs. */
export function overall(found: Found): Record<string, Measured> {
  const programs = Object.entries(found).filter(([program]) => program !== WORST_CASE);
  const modes = Object.keys(programs[0]?.[1] ?? {});
  return Object.fromEntries(
    modes.map((mode) => {
      const ratios = programs.map(([, modes]) => compare(modes[mode], modes[UNTOUCHED]).ratio);
      return [mode, measured((key) => geometric(ratios.map((ratio) => ratio[key])))];
    }),
  );
}
