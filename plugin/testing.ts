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
} from "./testing/assertions.ts";
export { type Measured, NotInstrumentedError } from "./testing/check_instrumented.ts";
export { findLeaks, type Leak, type LeakOptions } from "./testing/find_leaks.ts";
export { type MatcherResult, type Matchers, type MemoryMatchers, matchers } from "./testing/matchers.ts";
export { type Amount, type Measurement, type MeasureOptions, measure } from "./testing/measure.ts";
