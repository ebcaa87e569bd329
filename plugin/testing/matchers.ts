// Browser compatible.
import { parseBytes } from "./byte_size.ts";
import type { Measured } from "./check_instrumented.ts";
import { findLeaksAs, type LeakOptions } from "./find_leaks.ts";
import { type MeasureOptions, measureAs } from "./measure.ts";
import { budgetText, bytes, leaksText } from "./messages.ts";

/** What a matcher gives to `expect`. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/** The functions for `expect.extend`. */
export interface Matchers {
  toLeak(received: unknown, options?: LeakOptions): Promise<MatcherResult>;
  toAllocateLessThan(
    received: unknown,
    max: number | string,
    options?: MeasureOptions,
  ): Promise<MatcherResult>;
}

/** What `expect(fn)` gains. Both give promises: a test that does not await them checks nothing. */
export interface MemoryMatchers<R = Promise<void>> {
  /** Whether calls of the function leave more and more behind; mostly used as `await expect(fn).not.toLeak()`. */
  toLeak(options?: LeakOptions): R;
  /** Whether one call allocates less than so many bytes: `await expect(fn).toAllocateLessThan("64 KiB")`. */
  toAllocateLessThan(max: number | string, options?: MeasureOptions): R;
}

/**
 * Matchers for `expect.extend` of Vitest, Jest and `bun test`.
 *
 * @example
 * ```ts ignore
 * expect.extend(matchers);
 * await expect(() => render(page)).not.toLeak({ iterations: 200 });
 * await expect(() => parse(text)).toAllocateLessThan("1 MiB");
 * ```
 */
export const matchers: Matchers = {
  async toLeak(received: unknown, options: LeakOptions = {}): Promise<MatcherResult> {
    const leaks = await findLeaksAs("toLeak", received as Measured, options);
    return {
      pass: leaks.length > 0,
      message: () =>
        leaks.length > 0
          ? `expected the function not to leak, but ${leaksText(leaks)}`
          : "expected the function to leak, but no line keeps more with every call",
    };
  },

  async toAllocateLessThan(
    received: unknown,
    max: number | string,
    options: MeasureOptions = {},
  ): Promise<MatcherResult> {
    const limit = parseBytes(max, "toAllocateLessThan: the limit");
    const measurement = await measureAs("toAllocateLessThan", received as Measured, options);
    const { size } = measurement.allocated;
    return {
      pass: size < limit,
      message: () =>
        size < limit
          ? `expected the function to allocate ${bytes(limit)} or more, but one call allocated ${bytes(size)}`
          : `expected the function to allocate less than ${bytes(limit)}, but ${budgetText(measurement, limit)}`,
    };
  },
};
