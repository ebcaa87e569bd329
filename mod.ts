// Browser compatible.

/**
 * Which lines hold the memory, how were they reached, what grew since: Python's `tracemalloc` for Node, Deno, Bun and
 * browsers.
 *
 * @example
 * ```ts
 * import { collect, start, stop, takeSnapshot } from "tracemalloc";
 *
 * start();
 * // ... run your application ...
 * await collect();
 * const snapshot = takeSnapshot();
 * console.log("[ Top 10 ]");
 * for (const stat of snapshot.statistics("lineno").slice(0, 10)) console.log(String(stat));
 * stop();
 * ```
 *
 * @module
 */

export { SnapshotFormatError } from "./src/errors.ts";
export { Frame } from "./src/snapshot/frame.ts";
export type { RawTrace } from "./src/snapshot/from_traces.ts";
export { Snapshot } from "./src/snapshot/snapshot.ts";
export { Trace } from "./src/snapshot/trace.ts";
export { Traceback } from "./src/snapshot/traceback.ts";
export type { StartOptions } from "./src/start_options.ts";
export { DomainFilter, Filter } from "./src/statistics/filter.ts";
export type { KeyType } from "./src/statistics/key_type.ts";
export { ShortLived } from "./src/statistics/short_lived.ts";
export { Statistic, StatisticDiff } from "./src/statistics/statistic.ts";
export {
  clearTraces,
  collect,
  getObjectTraceback,
  getTracebackLimit,
  getTracedMemory,
  getTracemallocMemory,
  isTracing,
  resetPeak,
  start,
  stop,
  takeSnapshot,
  track,
  untrack,
} from "./src/tracing.ts";
