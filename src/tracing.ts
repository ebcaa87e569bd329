// Browser compatible.

import { encodeSnapshot } from "./snapshot/dump.ts";
import { hostMetadata } from "./snapshot/host_metadata.ts";
import { blockColumns, snapshotColumns, timelineOf } from "./snapshot/session_columns.ts";
import { Snapshot } from "./snapshot/snapshot.ts";
import type { Traceback } from "./snapshot/traceback.ts";
import { checkStartOptions, describe, type StartOptions } from "./start_options.ts";
import { garbageCollector, settle } from "./traces/collect.ts";
import { Domain, Session } from "./traces/session.ts";
import { settleBuiltins } from "./track/builtin_stand_ins.ts";
import { installBuiltins } from "./track/builtins.ts";
import { setRecorder } from "./track/file_tracker.ts";
import { hubMemory, installHub, registeredFiles } from "./track/hub.ts";
import { quietly } from "./track/quiet.ts";
import { SHADOW_STACK_SLOTS, shadowStack } from "./track/shadow_stack.ts";
import { warn, warnUninstrumented } from "./warnings.ts";

export { deltaProfile } from "./snapshot/delta.ts";
export { hasInstrumentedText } from "./track/function_to_string.ts";
export { registeredFiles } from "./track/hub.ts";
export { quietly } from "./track/quiet.ts";

let session: Session | null = null;
let sampling: string | number = "exact";
/** Block ids go on from one session to the next: see `BlockTable`. */
let nextId = 1;

/** Takes the stand-ins for built-ins away. */
let uninstall: (() => void) | null = null;
let slowPath: (() => void) | null = null;

installHub();

/**
 * Has `look` called now and then while the program allocates, some 10 ms apart: for what cannot wait for the event loop.
 *
 * @returns Takes it back.
 */
export function onSlowPath(look: () => void): () => void {
  slowPath = look;
  if (session !== null) session.onTick = look;
  return () => {
    slowPath = null;
    if (session !== null) session.onTick = null;
  };
}

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
  const checked = checkStartOptions(options);
  if (session !== null) return;
  if (registeredFiles() === 0) warnUninstrumented();
  sampling = checked.sampling;
  const { nframe, seed } = checked;
  session = new Session({ nframe, sampling: checked.sampling, seed, firstId: nextId, onFailure: giveUp });
  session.onTick = slowPath;
  setRecorder(session);
  if (checked.builtins) uninstall = installBuiltins(session);
}

/** Stops tracing and drops all traces; does nothing when not tracing. */
export function stop(): void {
  if (session === null) return;
  setRecorder(null);
  uninstall?.();
  uninstall = null;
  session.paths.restoreSites();
  nextId = Math.max(nextId, session.blocks.nextId);
  session = null;
}

/** More rows than a session can have: what a finalizer holds has no room for more. */
const MOST_ROWS = 2 ** 26;

/**
 * Puts a session of its own in the place of the present one, if there is one, for a measurement that must not depend on
 * how the user traces. What is made meanwhile is missing in theirs. Not part of the public API.
 *
 * @returns Ends it and puts the former one back; gives whether the program has left the session alone meanwhile.
 */
export function interpose(options: StartOptions): () => boolean {
  const outer = session;
  const outerSampling = sampling;
  const reinstall = uninstall !== null;
  if (outer !== null) {
    // Blocks that the outer session adds later must not get ids that objects of the inner one bear.
    nextId = Math.max(nextId, outer.blocks.firstId + MOST_ROWS);
    stop();
  }
  start(options);
  const own = session as Session | null;
  // Dumps near the heap's limit are the user's affair.
  if (own !== null) own.onTick = null;
  return () => {
    const isUndisturbed = own !== null && session === own;
    stop();
    if (outer !== null) {
      session = outer;
      sampling = outerSampling;
      setRecorder(outer);
      if (reinstall) uninstall = installBuiltins(outer);
    }
    return isUndisturbed;
  };
}

/** Whether allocations are being traced. */
export function isTracing(): boolean {
  return session !== null;
}

/**
 * The most frames that a traceback keeps, as given to `start`.
 *
 * @throws {Error} when not tracing.
 */
export function getTracebackLimit(): number {
  return tracing("get the traceback limit").nframe;
}

/** Bytes of the blocks that are alive, and the most there were at once; zeros when not tracing. */
export function getTracedMemory(): { current: number; peak: number } {
  if (session === null) return { current: 0, peak: 0 };
  settleBuiltins();
  const { current, peak } = session.blocks;
  // Whole bytes: weights of sampled objects can be fractions.
  return { current: Math.round(current), peak: Math.round(peak) };
}

/** Sets the peak to the current size; does nothing when not tracing. */
export function resetPeak(): void {
  session?.blocks.resetPeak();
}

/** Drops all traces and goes on tracing. */
export function clearTraces(): void {
  quietly(() => session?.clear());
}

/** Bytes that the tracker itself uses. */
export function getTracemallocMemory(): number {
  return quietly(() => hubMemory() + 4 * SHADOW_STACK_SLOTS + (session?.memory ?? 0));
}

/** How many call paths are interned: a test watches that they stay bounded. Not part of the public API. */
export function internedPaths(): number {
  return session?.paths.size ?? 0;
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
  if (session === null) return null;
  settleBuiltins();
  const row = session.rowOf(object);
  // Beyond the end: it was made while another session stood in (see `interpose`).
  if (row < 0 || row >= session.blocks.site.length) return null;
  const traced = session;
  return quietly(() => new Snapshot(blockColumns(traced, row), {}).traces.at(0)?.traceback ?? null);
}

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
export function takeSnapshot(options: { at?: "now" | "peak" } = {}): Snapshot {
  const { at = "now" } = options;
  if (at !== "now" && at !== "peak")
    throw new RangeError(`takeSnapshot: at must be "now" or "peak", got ${describe(at)}`);
  const traced = tracing("take a snapshot");
  settleBuiltins();
  return quietly(() => new Snapshot(snapshotColumns(traced, at), metadataOf(traced, at)));
}

/**
 * The bytes of a snapshot of all live blocks: `takeSnapshot().toBytes()`, without what else a snapshot can do. A bundle
 * that uses no more than this is half as large.
 *
 * @throws {Error} when not tracing.
 */
export function snapshotBytes(): Uint8Array {
  const traced = tracing("take a snapshot");
  settleBuiltins();
  return quietly(() => encodeSnapshot(snapshotColumns(traced, "now"), metadataOf(traced, "now")));
}

function metadataOf(traced: Session, at: "now" | "peak"): Record<string, unknown> {
  return {
    ...hostMetadata(),
    sampling,
    nframe: traced.nframe,
    at,
    peak: getTracedMemory().peak,
    timeline: timelineOf(traced),
  };
}

/**
 * Settles what is alive: collects garbage where the engine lets us, then yields to the event loop until its finalizers
 * are quiet. Resolves after at most 12 rounds.
 */
export async function collect(): Promise<void> {
  await settle(() => -(session?.registered ?? 0));
}

/** Collects garbage at once where the engine lets us; finalizers run later. */
export function collectNow(): void {
  garbageCollector()?.();
}

/**
 * Traces a block of the user's own: a resource that is no object of the language. Tracking a key again replaces it.
 *
 * @param domain 16 to 2³¹ − 1.
 * @param key Names the block within its domain.
 * @param size Bytes, 0 or more.
 * @throws {Error} when not tracing.
 * @throws {TypeError | RangeError} when domain or size is of the wrong type, or out of range.
 */
export function track(domain: number, key: unknown, size: number): void {
  checkDomain("track", domain);
  if (typeof size !== "number")
    throw new TypeError(`track: size must be a number of bytes, got ${describe(size)}`);
  if (!Number.isFinite(size) || size < 0)
    throw new RangeError(`track: size must be 0 bytes or more, got ${size}`);
  const traced = tracing("track");
  quietly(() => traced.track(domain, key, size, shadowStack[0]));
}

/**
 * Drops the trace of a block of the user's own; does nothing when there is none.
 *
 * @throws {Error} when not tracing.
 * @throws {TypeError | RangeError} when the domain is of the wrong type, or out of range.
 */
export function untrack(domain: number, key: unknown): void {
  checkDomain("untrack", domain);
  const traced = tracing("untrack");
  quietly(() => traced.untrack(domain, key));
}

function checkDomain(name: string, domain: unknown): void {
  const allowed = `an integer from ${Domain.firstOfUser} to ${2 ** 31 - 1}`;
  if (typeof domain !== "number")
    throw new TypeError(`${name}: domain must be ${allowed}, got ${describe(domain)}`);
  if (!Number.isInteger(domain) || domain < Domain.firstOfUser || domain >= 2 ** 31) {
    throw new RangeError(`${name}: domain must be ${allowed}, got ${domain}`);
  }
}

function tracing(what: string): Session {
  if (session === null)
    throw new Error(`the tracemalloc module must be tracing memory allocations to ${what}`);
  return session;
}

function giveUp(error: unknown): void {
  stop();
  warn(`tracing has stopped, the program goes on: ${error instanceof Error ? error.message : String(error)}`);
}
