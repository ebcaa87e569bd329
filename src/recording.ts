// Browser compatible.

import { recordingState } from "./recording_state.ts";
import { type CheckedOptions, describe } from "./start_options.ts";
import { garbageCollector, settle } from "./traces/collect.ts";
import { Domain, Session } from "./traces/session.ts";
import type { BuiltinWatch } from "./track/builtin_watch.ts";
import { setRecorder } from "./track/file_tracker.ts";
import { hubMemory, installHub, registeredFiles } from "./track/hub.ts";
import { quietly } from "./track/quiet.ts";
import { SHADOW_STACK_SLOTS, shadowStack } from "./track/shadow_stack.ts";
import { warn, warnUninstrumented } from "./warnings.ts";

// The session, and what needs nothing but it. Stand-ins for built-ins come from whoever starts it (`watchBuiltins`), and
// snapshots are made of it elsewhere: a page fetches both when it wants them (`browser.ts`).

let session: Session | null = null;
let sampling: CheckedOptions["sampling"] = "exact";
/** Block ids go on from one session to the next: see `BlockTable`. */
let nextId = 1;

/** What has put stand-ins for built-ins in place, and how to take them away. */
let watch: BuiltinWatch | null = null;
let uninstall: (() => void) | null = null;
let slowPath: (() => void) | null = null;

installHub();
recordingState.recording = { clearTraces, getTracedMemory, isTracing, resetPeak, stop };

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
 * Starts recording; while it goes on, does nothing.
 *
 * @returns Whether it has started now.
 */
export function startRecording(options: CheckedOptions): boolean {
  if (session !== null) return false;
  if (registeredFiles() === 0) warnUninstrumented();
  sampling = options.sampling;
  const { nframe, seed } = options;
  session = new Session({ nframe, sampling, seed, firstId: nextId, onFailure: giveUp });
  session.onTick = slowPath;
  setRecorder(session);
  return true;
}

/** Has built-ins watched until tracing stops. */
export function watchBuiltins(by: BuiltinWatch): void {
  if (session === null || watch !== null) return;
  uninstall = by.install(session);
  watch = by;
}

/** Stops tracing and drops all traces; does nothing when not tracing. */
export function stop(): void {
  if (session === null) return;
  setRecorder(null);
  uninstall?.();
  uninstall = watch = null;
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
export function interposeRecording(options: CheckedOptions, by: BuiltinWatch): () => boolean {
  const outer = session;
  const outerSampling = sampling;
  const outerWatch = watch;
  if (outer !== null) {
    // Blocks that the outer session adds later must not get ids that objects of the inner one bear.
    nextId = Math.max(nextId, outer.blocks.firstId + MOST_ROWS);
    stop();
  }
  if (startRecording(options) && options.builtins) watchBuiltins(by);
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
      if (outerWatch !== null) watchBuiltins(outerWatch);
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
  settleRecording();
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

/** Counts what has been made, but not been reported yet: before figures are read. */
export function settleRecording(): void {
  watch?.settle();
}

/** The session that records; null: none. */
export function currentSession(): Session | null {
  return session;
}

/** What the session was told to sample. */
export function currentSampling(): CheckedOptions["sampling"] {
  return sampling;
}

/**
 * The session that records.
 *
 * @throws {Error} when there is none: then nobody can do what is asked.
 */
export function tracing(what: string): Session {
  if (session === null)
    throw new Error(`the tracemalloc module must be tracing memory allocations to ${what}`);
  return session;
}

function giveUp(error: unknown): void {
  stop();
  warn(`tracing has stopped, the program goes on: ${error instanceof Error ? error.message : String(error)}`);
}
