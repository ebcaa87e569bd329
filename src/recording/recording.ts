// Browser compatible.

import { floor, max } from "../tables/own_math.ts";
import { type Mode, Session, type SessionOptions } from "../traces/session/session.ts";
import { installFileRegistry, loaded } from "../track/calls/file_registry.ts";
import { setRecorder } from "../track/calls/file_tracker.ts";
import type { CheckedOptions } from "../vocabulary/start_options.ts";
import { warn } from "../vocabulary/warn.ts";

// The session, and what a page needs of it to record. Stand-ins for built-ins come from whoever starts it
// (`watchBuiltins`), what else can be asked is in `recording_control.ts`, and snapshots are made of it elsewhere: a page
// fetches all that when it wants it (`browser.ts`).

let session: Session | null = null;
/** Block ids go on from one session to the next: see `BlockTable`. */
let nextId = 1;

/** What watches built-ins for a session. */
export interface SessionWatch {
  /** @returns Takes the stand-ins away. */
  install(session: Session): () => void;
  /** Counts what has been made, but not been reported yet. */
  settle(): void;
}

/** What has put stand-ins for built-ins in place, and how to take them away. */
let watch: SessionWatch | null = null;
let uninstall: (() => void) | null = null;

installFileRegistry();
loaded.recording = { clearTraces, getTracedMemory, isTracing, resetPeak, stop };

/**
 * Starts recording; while it goes on, does nothing.
 *
 * @param Kind Of the session.
 * @returns Whether it has started now.
 */
export function startRecording(
  options: CheckedOptions,
  mode: Mode,
  Kind: new (own: SessionOptions) => Session = Session,
): boolean {
  if (session) return false;
  resumeRecording(new Kind({ ...options, ...mode, firstId: nextId, onFailure: giveUp }));
  return true;
}

/** Goes on with a session that another one has stood in for. */
export function resumeRecording(former: Session): void {
  session = former;
  setRecorder(former);
}

/** No block of a later session gets an id below this one. */
export function reserveIds(end: number): void {
  nextId = max(nextId, end);
}

/** Has built-ins watched until tracing stops. */
export function watchBuiltins(by: SessionWatch): void {
  if (!session || watch) return;
  uninstall = by.install(session);
  watch = by;
}

/** What watches built-ins, if anything does. */
export function currentWatch(): SessionWatch | null {
  return watch;
}

/** Stops tracing and drops all traces; does nothing when not tracing. */
export function stop(): void {
  if (!session) return;
  setRecorder(null);
  uninstall?.();
  uninstall = watch = null;
  session.paths.restoreSites();
  reserveIds(session.blocks.nextId);
  session = null;
}

/** Whether allocations are being traced. */
export function isTracing(): boolean {
  return !!session;
}

/** Bytes of the blocks that are alive, and the most there were at once; zeros when not tracing. */
export function getTracedMemory(): { current: number; peak: number } {
  if (!session) return { current: 0, peak: 0 };
  settleRecording();
  const { blocks } = session;
  blocks.placeDeaths();
  // Whole bytes: weights of sampled objects can be fractions.
  return { current: floor(max(0, blocks.current) + 0.5), peak: floor(blocks.peak + 0.5) };
}

/** Sets the peak to the current size; does nothing when not tracing. */
export function resetPeak(): void {
  session?.blocks.resetPeak();
}

/** Drops all traces and goes on tracing. */
export function clearTraces(): void {
  session?.clear();
}

/** Counts what has been made, but not been reported yet: before figures are read. */
export function settleRecording(): void {
  watch?.settle();
}

/** The session that records; null: none. */
export function currentSession(): Session | null {
  return session;
}

function giveUp(error: unknown): void {
  stop();
  warn(`tracing has stopped, the program goes on: ${(error as Error | undefined)?.message ?? error}`);
}
