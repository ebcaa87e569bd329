// Browser compatible.

import { currentSession, settleRecording } from "./recording/recording.ts";
import { interposeRecording, startTracing } from "./recording/recording_control.ts";
import { sessionWatch } from "./recording/session_watch.ts";
import { Snapshot } from "./snapshot/model/snapshot.ts";
import type { Traceback } from "./snapshot/model/traceback.ts";
import { boundAllocated } from "./snapshot/take/bound_allocated.ts";
import { recorded } from "./snapshot/take/recorded.ts";
import { blockColumns } from "./snapshot/take/session_columns.ts";
import { quietly } from "./track/calls/quietly.ts";
import { checkStartOptions, describe, type StartOptions } from "./vocabulary/start_options.ts";

export { collect, settleBlocks } from "./recording/collect_garbage.ts";
export { clearTraces, getTracedMemory, isTracing, resetPeak } from "./recording/recording.ts";
export {
  collectAtOnce,
  getTracebackLimit,
  getTracemallocMemory,
  internedPaths,
  onSlowPath,
  stop,
  track,
  untrack,
} from "./recording/recording_control.ts";
export { writeFileAtomically } from "./snapshot/pprof/files.ts";
export { garbageCollector } from "./traces/liveness/garbage_collector.ts";
export { expectNoCalls } from "./traces/paths/recorded_calls.ts";
export { deferBuiltins, noteText } from "./track/builtins/deferred_builtins.ts";
export { registeredFiles } from "./track/calls/file_registry.ts";
export { noteWrapper } from "./track/calls/native_frames.ts";
export { quietly } from "./track/calls/quietly.ts";
export { hasInstrumentedText } from "./track/texts/function_to_string.ts";

/**
 * Starts tracing allocations; while tracing, does nothing.
 *
 * @param options The most frames that a traceback keeps (1 to 65535, default 1), or all options.
 * @throws {TypeError | RangeError} when an option has the wrong type, or is out of range.
 *
 * @example
 * ```ts
 * import { isTracing, start, stop } from "tracemalloc";
 * start(25);
 * console.log(isTracing()); // true
 * stop();
 * ```
 */
export function start(options?: number | StartOptions): void {
  startTracing(
    quietly(() => checkStartOptions(options)),
    sessionWatch,
  );
}

/**
 * Puts a session of its own in the place of the present one, if there is one, for a measurement that must not depend on
 * how the user traces. What is made meanwhile is missing in theirs. Not part of the public API.
 *
 * @returns Ends it and puts the former one back; gives whether the program has left the session alone meanwhile.
 */
export function interpose(options: StartOptions): () => boolean {
  return interposeRecording(checkStartOptions(options), sessionWatch);
}

/**
 * Where a live object was allocated, or null when it is not traced.
 *
 * @throws {TypeError} when the value is not an object.
 */
export function getObjectTraceback(object: object): Traceback | null {
  if ((typeof object !== "object" && typeof object !== "function") || object === null) {
    throw new TypeError(`getObjectTraceback: expected an object, got ${describe(object)}`);
  }
  const session = currentSession();
  if (session === null) return null;
  settleRecording();
  const row = session.following.marks.of(object) - session.blocks.firstId;
  // Below 0: it is not marked, or in a session before. Beyond the end: it was made while another session stood in (see `interpose`).
  if (row < 0 || row >= session.blocks.site.length) return null;
  return quietly(() => new Snapshot(blockColumns(session, row), {}).traces.at(0)?.traceback ?? null);
}

/** As `takeSnapshot`, when all is known of the call paths. Not part of the public API: pages have it. */
export async function whenKnown(options?: { at?: "now" | "peak" }): Promise<Snapshot> {
  await currentSession()?.natives?.known();
  return takeSnapshot(options);
}

/** Without a prototype: what a program puts on `Object.prototype` is no option that anybody has given. */
const NOW = { __proto__: null } as { at?: "now" | "peak" };

/**
 * A snapshot of the traces of all live blocks.
 *
 * @throws {Error} when not tracing.
 *
 * @example
 * ```ts
 * import { start, stop, takeSnapshot } from "tracemalloc";
 * start();
 * const [top] = takeSnapshot().statistics("lineno");
 * console.log(top?.toString() ?? "nothing allocated yet");
 * stop();
 * ```
 */
export function takeSnapshot(options: { at?: "now" | "peak" } = NOW): Snapshot {
  const { at = "now" } = options;
  if (at !== "now" && at !== "peak")
    throw new RangeError(`takeSnapshot: at must be "now" or "peak", got ${describe(at)}`);
  return quietly(() => {
    const { columns, metadata } = recorded(at);
    boundAllocated(columns.blocks);
    return new Snapshot(columns, metadata);
  });
}
