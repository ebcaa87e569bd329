// Browser compatible.

/**
 * Allocation budgets and leak checks for test runners: node:test, `deno test`, `bun test`, Vitest, Jest.
 *
 * @example
 * ```ts ignore
 * import { test } from "node:test";
 * import { assertNoLeak } from "tracemalloc/testing";
 * import { render } from "./render.ts";
 *
 * test("rendering keeps nothing", () => assertNoLeak(() => render("page")));
 * ```
 *
 * @module
 */

export {
  assertAllocates,
  assertNoLeak,
  BudgetError,
  type BudgetOptions,
  LeakError,
} from "./assertions.ts";
export { type Measured, NotInstrumentedError } from "./check_instrumented.ts";
export { findLeaks, type Leak, type LeakOptions } from "./find_leaks.ts";
export { type MatcherResult, type Matchers, type MemoryMatchers, matchers } from "./matchers.ts";
export { type Amount, type Measurement, type MeasureOptions, measure } from "./measure.ts";
