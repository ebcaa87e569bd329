// Browser compatible.

import { allocateYoung } from "../host/v8_flags.ts";
import { trackBlock, untrackBlock } from "../traces/blocks/user_blocks.ts";
import { thinning } from "../traces/growth/growth.ts";
import { thinnedGrowth } from "../traces/growth/thinned_growth.ts";
import { watchGrown } from "../traces/growth/watch_grown.ts";
import { settleNow } from "../traces/liveness/settle_now.ts";
import { trackerMemory } from "../traces/session/memory.ts";
import { restoreWhenQuiet } from "../track/builtins/intrinsics.ts";
import { loaded } from "../track/calls/file_registry.ts";
import { quietly } from "../track/calls/quietly.ts";
import { shadowStack } from "../track/calls/shadow_stack.ts";
import { useOwnSizes } from "../track/sizes/size_models.ts";
import { FIRST_USER_DOMAIN } from "../vocabulary/domains.ts";
import { type CheckedOptions, describe } from "../vocabulary/start_options.ts";
import { tracing } from "./current_session.ts";
import {
  currentSession,
  currentWatch,
  reserveIds,
  resumeRecording,
  type SessionWatch,
  stop as stopRecording,
  watchBuiltins,
} from "./recording.ts";
import { startSession } from "./start_session.ts";
import { addTimeline } from "./timeline_of_session.ts";
import { warnUninstrumented } from "./uninstrumented.ts";

// What can be asked of the recording, and done to it, besides recording: pages do without.

const { isFinite: isFiniteNumber, isInteger } = Number;

let slowPath: (() => void) | null = null;

/**
 * Has `look` called now and then while the program allocates, some 10 ms apart: for what cannot wait for the event loop.
 *
 * @returns Takes it back.
 */
export function onSlowPath(look: () => void): () => void {
  const set = (to: (() => void) | null): void => {
    slowPath = to;
    const ticker = currentSession()?.ticker ?? null;
    if (ticker !== null) ticker.onTick = to;
  };
  set(look);
  return () => set(null);
}

/** Gives V8 back what was asked of it for the time of tracing. */
let giveBack: (() => void) | null = null;

/** Starts recording, and has built-ins watched if they shall be; while tracing, does nothing. */
export function startTracing(options: CheckedOptions, by: SessionWatch): void {
  if (currentSession() !== null) return;
  restoreWhenQuiet();
  quietly(() => {
    warnUninstrumented();
    useOwnSizes();
    Object.assign(thinning, thinnedGrowth);
    giveBack ??= allocateYoung();
    startSession(options);
    addTimeline();
    const session = currentSession()!;
    session.ticker!.onTick = slowPath;
    watchGrown(session);
  });
  // What the program has put in the place of a built-in gets a stand-in, too.
  if (options.builtins) watchBuiltins(by);
}

/** Stops tracing and drops all traces; does nothing when not tracing. */
export function stop(): void {
  stopRecording();
  giveBack?.();
  giveBack = null;
}

// Whoever stops by `tracemalloc/browser` what this has started gives back all of it, too.
loaded.recording!.stop = stop;

/** More rows than a session can have: what a finalizer holds has no room for more. */
const MOST_ROWS = 2 ** 26;

/**
 * Puts a session of its own in the place of the present one, if there is one, for a measurement that must not depend on
 * how the user traces. What is made meanwhile is missing in theirs. Not part of the public API.
 *
 * @returns Ends it and puts the former one back; gives whether the program has left the session alone meanwhile.
 */
export function interposeRecording(options: CheckedOptions, by: SessionWatch): () => boolean {
  const outer = currentSession();
  const outerWatch = currentWatch();
  if (outer !== null) {
    // Blocks that the outer session adds later must not get ids that objects of the inner one bear.
    reserveIds(outer.blocks.firstId + MOST_ROWS);
    stopRecording();
  }
  startTracing(options, by);
  const own = currentSession();
  // Dumps near the heap's limit are the user's affair.
  if (own !== null) own.ticker!.onTick = null;
  return () => {
    const isUndisturbed = own !== null && currentSession() === own;
    if (outer === null) stop();
    else {
      stopRecording();
      resumeRecording(outer);
      if (outerWatch !== null) watchBuiltins(outerWatch);
    }
    return isUndisturbed;
  };
}

/**
 * The most frames that a traceback keeps, as given to `start`.
 *
 * @throws {Error} when not tracing.
 */
export function getTracebackLimit(): number {
  return tracing("get the traceback limit").options.nframe;
}

/** Bytes that the tracker itself uses. */
export function getTracemallocMemory(): number {
  return quietly(() => trackerMemory(currentSession()));
}

/** How many call paths are interned: a test watches that they stay bounded. Not part of the public API. */
export function internedPaths(): number {
  return currentSession()?.paths.size ?? 0;
}

/**
 * Settles what is alive without waiting, for the end of the process.
 *
 * @returns Whether all is settled: on Node. Elsewhere garbage is collected, but finalizers have no time to run.
 */
export function collectAtOnce(options: { goesOn: boolean }): boolean {
  return quietly(() => settleNow(currentSession(), options));
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
  if (!isFiniteNumber(size) || size < 0)
    throw new RangeError(`track: size must be 0 bytes or more, got ${size}`);
  trackBlock(tracing("track"), { domain, key, size, depth: shadowStack[0] });
}

/**
 * Drops the trace of a block of the user's own; does nothing when there is none.
 *
 * @throws {Error} when not tracing.
 * @throws {TypeError | RangeError} when the domain is of the wrong type, or out of range.
 */
export function untrack(domain: number, key: unknown): void {
  checkDomain("untrack", domain);
  untrackBlock(tracing("untrack"), domain, key);
}

function checkDomain(name: string, domain: unknown): void {
  const allowed = `an integer from ${FIRST_USER_DOMAIN} to ${2 ** 31 - 1}`;
  if (typeof domain !== "number")
    throw new TypeError(`${name}: domain must be ${allowed}, got ${describe(domain)}`);
  if (!isInteger(domain) || domain < FIRST_USER_DOMAIN || domain >= 2 ** 31) {
    throw new RangeError(`${name}: domain must be ${allowed}, got ${domain}`);
  }
}
