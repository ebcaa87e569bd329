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

export { Frame } from "./src/snapshot/model/frame.ts";
export type { RawTrace } from "./src/snapshot/model/from_traces.ts";
export { Snapshot } from "./src/snapshot/model/snapshot.ts";
export { Trace } from "./src/snapshot/model/trace.ts";
export { Traceback } from "./src/snapshot/model/traceback.ts";
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
export type { DomainName } from "./src/vocabulary/domain_names.ts";
export { SnapshotFormatError } from "./src/vocabulary/errors.ts";
export type { StartOptions } from "./src/vocabulary/start_options.ts";
