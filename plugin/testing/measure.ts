// Browser compatible.
import { DomainFilter, type Snapshot, type Statistic, takeSnapshot } from "../../mod.ts";
import { settleBlocks } from "../../src/tracing.ts";
import { checkAnyInstrumented, firstCall, type Measured } from "./check_instrumented.ts";
import { exclusively } from "./exclusive.ts";
import { checkCount, checkFunction } from "./options.ts";

/** So much memory. */
export interface Amount {
  /** Bytes. */
  readonly size: number;
  /** Blocks. */
  readonly count: number;
}

/** What a function allocated. */
export interface Measurement<T> {
  /** What the function gave back, awaited. */
  readonly result: T;
  /** Everything that was allocated meanwhile, strings included, whether it still lives or not. */
  readonly allocated: Amount;
  /** What was left after garbage collection, the result included. */
  readonly alive: Amount;
  /** The most bytes that were alive at once. While synchronous code runs, nothing is known to have died. */
  readonly peak: number;
  /** The lines that allocated most bytes, at most ten, largest first. */
  readonly top: readonly Statistic[];
  /** The traces of what was left. */
  readonly snapshot: Snapshot;
}

/** Options of {@linkcode measure}. */
export interface MeasureOptions {
  /** Calls before the one that is measured, so that what is made once does not count. Default 0. */
  readonly warmup?: number;
}

const TOP_LINES = 10;

/**
 * Runs a function under an exact trace of its own, and tells what it allocated. How the program itself traces is put
 * back afterwards.
 *
 * @param fn Called once, and awaited when it gives a promise; its code must be instrumented.
 * @throws {NotInstrumentedError} when it is not.
 * @throws Whatever `fn` throws.
 *
 * @example
 * ```ts ignore
 * const { allocated, alive, peak, top } = await measure(() => parse(text));
 * console.log(allocated.size, alive.size, peak, String(top[0]));
 * ```
 */
export function measure<T>(fn: Measured<T>, options: MeasureOptions = {}): Promise<Measurement<Awaited<T>>> {
  return measureAs("measure", fn, options);
}

/** As `measure`, for whoever calls itself `name` in messages. */
export async function measureAs<T>(
  name: string,
  fn: Measured<T>,
  options: MeasureOptions = {},
): Promise<Measurement<Awaited<T>>> {
  const { warmup = 0 } = options;
  checkFunction(name, fn);
  checkCount(name, "warmup", warmup, 0);
  checkAnyInstrumented(name);
  for (let i = 0; i < warmup; i++) await fn();
  return exclusively(name, async () => {
    const { result, peak } = await firstCall(name, fn);
    await settleBlocks();
    const snapshot = takeSnapshot();
    return { result, peak, snapshot, ...amounts(snapshot) };
  });
}

function amounts(snapshot: Snapshot): Pick<Measurement<unknown>, "allocated" | "alive" | "top"> {
  const lines = snapshot.statistics("lineno");
  const top = lines
    .filter(({ allocatedSize }) => allocatedSize > 0)
    .sort((a, b) => b.allocatedSize - a.allocatedSize);
  // Strings are measured through what holds them: they have no number of their own.
  const blocks = snapshot.filterTraces([new DomainFilter(false, 2)]).statistics("lineno");
  return {
    allocated: { size: sum(lines, "allocatedSize"), count: sum(lines, "allocatedCount") },
    alive: { size: sum(lines, "size"), count: sum(blocks, "count") },
    top: top.slice(0, TOP_LINES),
  };
}

function sum(
  statistics: readonly Statistic[],
  key: "size" | "count" | "allocatedSize" | "allocatedCount",
): number {
  return statistics.reduce((total, statistic) => total + statistic[key], 0);
}
