// Browser compatible.
import { parseBytes } from "./byte_size.ts";
import type { Measured } from "./check_instrumented.ts";
import { findLeaksAs, type Leak, type LeakOptions } from "./find_leaks.ts";
import { type Measurement, type MeasureOptions, measureAs } from "./measure.ts";
import { budgetText, leaksText } from "./messages.ts";

/** Thrown by {@linkcode assertNoLeak}: the message has a paragraph for each line that leaks. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  /** The lines that leak. */
  readonly leaks: readonly Leak[];

  constructor(message: string, leaks: readonly Leak[]) {
    super(message);
    this.leaks = leaks;
  }
}

/** Thrown by {@linkcode assertAllocates}: the message has the lines that allocated most. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
  readonly measurement: Measurement<unknown>;

  constructor(message: string, measurement: Measurement<unknown>) {
    super(message);
    this.measurement = measurement;
  }
}

/**
 * Fails when calls of a function leave more and more behind: see {@linkcode findLeaks} for what counts as a leak.
 *
 * @param fn Called some 310 times with the default options, 910 times when it leaks.
 * @throws {LeakError} naming the lines, and how much each call leaves there.
 * @throws {NotInstrumentedError} when the code is not instrumented.
 *
 * @example
 * ```ts ignore
 * test("rendering a page keeps nothing", () => assertNoLeak(() => render(page), { iterations: 200 }));
 * ```
 */
export async function assertNoLeak(fn: Measured, options: LeakOptions = {}): Promise<void> {
  const leaks = await findLeaksAs("assertNoLeak", fn, options);
  if (leaks.length > 0) throw new LeakError(`assertNoLeak: ${leaksText(leaks)}`, leaks);
}

/** Options of {@linkcode assertAllocates}. */
export interface BudgetOptions extends MeasureOptions {
  /** The most that one call may allocate: bytes, or a text such as `"1 MiB"`. Garbage and strings count. */
  readonly max: number | string;
}

/**
 * Fails when one call of a function allocates more than its budget.
 *
 * @throws {BudgetError} naming the lines that allocated most.
 * @throws {NotInstrumentedError} when the code is not instrumented.
 *
 * @example
 * ```ts ignore
 * await assertAllocates(() => parse(text), { max: "1 MiB" });
 * ```
 */
export async function assertAllocates<T>(
  fn: Measured<T>,
  options: BudgetOptions,
): Promise<Measurement<Awaited<T>>> {
  const max = parseBytes(options?.max, "assertAllocates: max");
  const measurement = await measureAs("assertAllocates", fn, options);
  if (measurement.allocated.size > max)
    throw new BudgetError(`assertAllocates: ${budgetText(measurement, max)}`, measurement);
  return measurement;
}
