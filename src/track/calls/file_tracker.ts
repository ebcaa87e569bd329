// Browser compatible.

import type { MemberLetter } from "../../vocabulary/tracker_members.ts";
import { announce, settleAnnounced } from "../builtins/announced.ts";
import { isProxy } from "../objects/is_proxy.ts";
import { recordCalls } from "./instrumented_globals.ts";
import { prepaid, REPORT_EXPECTED } from "./prepaid.ts";
import type { Recorder } from "./recorder.ts";
import { CONTINUE, resetWhenIdle, shadowStack } from "./shadow_stack.ts";

/** A variable of this module's own is a constant for V8, which loads an imported one at each use. */
const counts = prepaid;

let recorder: Recorder | null = null;
/** Counts the times that tracing was started: paths that suspended functions keep are of one session. */
let session = 0;

/** Turns recording on, or off with null. */
export function setRecorder(next: Recorder | null): void {
  recorder?.takeBack();
  recorder = next;
  session++;
  recordCalls(next !== null);
}

// What a suspendable frame is of: they differ in who resumes them.

/** Resumed by a caller. */
const GENERATOR = 0;
/** Resumed by the event loop. */
const ASYNC_FUNCTION = 1;
/** Resumed by either. */
const ASYNC_GENERATOR = 2;
/** As an async function, without a `finally` at its end: a module that awaits. */
const MODULE = 3;
type FrameKind = typeof GENERATOR | typeof ASYNC_FUNCTION | typeof ASYNC_GENERATOR | typeof MODULE;

/** State of a suspendable frame. One object per call, which is little beside its promise or generator. */
export class Frame {
  /** The frame's own slot. Read by instrumented code. */
  d: number;
  /** The depth to leave when it suspends or ends. */
  entry: number;
  /** The interned path that called it, as far as `session` is current; -1: not known yet. */
  path = -1;
  session = -1;
  isSuspended = false;
  readonly kind: FrameKind;
  /** Where it delegates to another generator: `yield*` or `for await`. */
  site = -1;
  /** The frame that delegates to this one, as long as that one's `inner` is this. */
  outer: Frame | null = null;
  inner: Frame | null = null;

  constructor(entry: number, kind: FrameKind) {
    this.d = entry;
    this.entry = entry;
    this.kind = kind;
  }
}

/**
 * The frame that has just handed its turn to a generator, by `yield*` or `for await`. The generator's code runs next,
 * while the frame itself counts as suspended: it takes the frame for its caller.
 */
let delegating: Frame | null = null;
/** What was handed the turn is a generator itself, not an object that makes one. */
let delegatesDirectly = false;

/**
 * What instrumented code calls, one object per file. The letters are those of `vocabulary/tracker_members.ts`; all
 * instances share one shape, so that the calls stay monomorphic and inline.
 */
export class FileTracker implements Record<MemberLetter, unknown> {
  /** The number of the file's first site. */
  readonly b: number;
  /** For another realm that was shown this tracker: its header defines the stack there. */
  readonly s: Int32Array = shadowStack;

  constructor(base: number) {
    this.b = base;
  }

  /** A new object. */
  o<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) count(recorder, this.b + site, value, depth);
    return value;
  }

  /** A new function or class, as the only property of an object, which has named it. */
  c<T>(site: number, holder: Record<string, T>, name: string, depth: number): T {
    const value = holder[name];
    if (recorder !== null) count(recorder, this.b + site, value, depth);
    return value;
  }

  /** Perhaps a new object. */
  n<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) report(recorder, this.b + site, value, depth);
    return value;
  }

  /** A string. */
  l<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) recorder.text(this.b + site, value, depth);
    return value;
  }

  /** What a variable holds, reported by a statement of its own. */
  q(site: number, value: unknown, depth: number): void {
    if (recorder !== null) report(recorder, this.b + site, value, depth);
  }

  /** Gives the first argument back; the second is evaluated for its effect. */
  p<T>(value: T, _effect: unknown): T {
    return value;
  }

  /** The last thing before a call that may be of a built-in function: see `announced.ts`. */
  i<T>(value: T, _self: FileTracker): T {
    if (recorder !== null) announce();
    return value;
  }

  /** What that call gave. A string that gives itself back has made nothing. */
  m<T>(value: T, _self: FileTracker, receiver?: unknown): T {
    if (recorder !== null) settleAnnounced(value === receiver ? undefined : value);
    return value;
  }

  /** A constructor may return an object that has been counted, in the place of its own. */
  r<T>(newTarget: unknown, value: T, instance: unknown, _self: FileTracker): T {
    if (newTarget !== undefined && recorder !== null && value !== instance) recorder.replacesInstance(value);
    return value;
  }

  /** An async function is entered; site 0: the module is. */
  a(site: number): Frame {
    delegating = null;
    return enter(this.b + site, site === 0 ? MODULE : ASYNC_FUNCTION);
  }

  /** A generator is entered by its first `next()`. */
  g(site: number): Frame {
    return enterGenerator(this.b + site, GENERATOR);
  }

  /** An async generator is entered. */
  h(site: number): Frame {
    return enterGenerator(this.b + site, ASYNC_GENERATOR);
  }

  /** The frame suspends: the depth is its caller's again. */
  u<T>(value: T, frame: Frame): T {
    if (!frame.isSuspended) {
      if (recorder !== null && frame.session !== session && frame.kind !== GENERATOR) {
        frame.path = recorder.path(frame.d);
        frame.session = session;
      }
      frame.isSuspended = true;
      shadowStack[0] = frame.entry;
    }
    return value;
  }

  /** The frame suspends, and the generator that `value` is or makes goes on in its place: `yield*`, `for await`. */
  y<T>(value: T, frame: Frame, site: number): T {
    this.u(value, frame);
    if (recorder !== null && isGenerator(value)) {
      frame.site = this.b + site;
      shadowStack[frame.d] = frame.site;
      delegating = frame;
    }
    return value;
  }

  /** The frame goes on. */
  w<T>(value: T, frame: Frame, site: number): T {
    reenter(frame);
    shadowStack[frame.d] = this.b + site;
    return value;
  }

  /** As `w`, at the start of a handler: the frame may or may not have been suspended. */
  k(frame: Frame): void {
    if (frame.isSuspended) reenter(frame);
    else shadowStack[0] = frame.d + 1;
  }

  /** The frame ends. */
  z(frame: Frame): void {
    if (!frame.isSuspended) shadowStack[0] = frame.entry;
  }
}

/** The tracker has no member that the table lacks, as it lacks none of the table's. */
export type Unlisted = None<Exclude<keyof FileTracker, MemberLetter>>;
type None<T extends never> = T;

// Functions of their own, so that what engines inline while tracing is stopped stays as small as it can be.

function count(to: Recorder, site: number, value: unknown, depth: number): void {
  if (counts[site] > 0) counts[site]--;
  else to.fresh(site, value as object, depth);
}

function report(to: Recorder, site: number, value: unknown, depth: number): void {
  if (counts[site] > 0 && typeof value === "object" && value !== null && counts[REPORT_EXPECTED] === 0)
    counts[site]--;
  else to.maybeFresh(site, value, depth);
}

/** The frame is made first: near the end of the engine's stack that can throw, and nothing must have moved then. */
function enter(site: number, kind: FrameKind): Frame {
  const entry = shadowStack[0];
  const frame = new Frame(entry, kind);
  shadowStack[entry] = site;
  shadowStack[0] = entry + 1;
  return frame;
}

function enterGenerator(site: number, kind: FrameKind): Frame {
  if (delegating === null) return enter(site, kind);
  const frame = new Frame(shadowStack[0], kind);
  const above = delegating.d + 1;
  takeTurn(frame);
  // Nothing has run since a generator itself was handed the turn: the frames are still there. (Laid down anew at each
  // level, frames of a deep recursion would take quadratic time.)
  const slot = delegatesDirectly && frame.outer !== null ? above : pushOuter(frame);
  frame.d = slot;
  shadowStack[slot] = site;
  shadowStack[0] = slot + 1;
  return frame;
}

function reenter(frame: Frame): void {
  frame.isSuspended = false;
  frame.inner = null;
  if (frame.kind === GENERATOR) {
    frame.entry = shadowStack[0];
    if (delegating !== null) takeTurn(frame);
    frame.d = frame.outer === null ? frame.entry : pushOuter(frame);
    shadowStack[0] = frame.d + 1;
    return;
  }
  delegating = null;
  if (frame.kind === ASYNC_GENERATOR && shadowStack[0] > 1) {
    // Somebody calls next() by hand, and the generator was waiting at a `yield`: it goes on at once, on top.
    frame.entry = shadowStack[0];
    frame.d = frame.entry;
    shadowStack[0] = frame.d + 1;
    return;
  }
  // Promise jobs run on an empty stack, so whatever the depth says now is left over from a job that threw past the
  // last frame: start over at the bottom. (A nested drain of the microtask queue loses its callers' frames here.)
  frame.entry = 1;
  frame.d = 2;
  shadowStack[1] = baseOf(frame);
  shadowStack[0] = 3;
  if (frame.kind === MODULE) resetWhenIdle();
}

/** Ties the frame to the one that has handed it the turn, unless calls have come between. */
function takeTurn(frame: Frame): void {
  const outer = delegating!;
  delegating = null;
  if (!outer.isSuspended || outer.entry !== frame.entry || outer === frame) return;
  frame.outer = outer;
  outer.inner = frame;
}

/**
 * Lays down the frames that delegate to this one; gives the slot that comes after them. No recursion: the program may
 * be near the end of its stack, with generators nested thousands deep.
 */
function pushOuter(frame: Frame): number {
  let slots = 0;
  for (let at = frame; at.outer !== null; at = at.outer) {
    const { outer } = at;
    if (outer.inner !== at) {
      at.outer = null; // it has gone on without this one
      break;
    }
    slots++;
    if (outer.kind === GENERATOR) continue;
    slots++;
    break;
  }
  const end = frame.entry + slots;
  let slot = end;
  for (let at = frame; slot > frame.entry; ) {
    at = at.outer!;
    shadowStack[--slot] = at.site;
    if (at.kind !== GENERATOR) shadowStack[--slot] = baseOf(at);
  }
  return end;
}

/** What stands below the slot of an async frame: the path that called it. */
function baseOf(frame: Frame): number {
  return frame.session === session && frame.path >= 0 ? ~frame.path : CONTINUE;
}

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { asyncIterator, iterator } = Symbol;
const GeneratorFunction = getPrototypeOf(function* () {});
const AsyncGeneratorFunction = getPrototypeOf(async function* () {});
const Generator: unknown = GeneratorFunction.prototype;
const AsyncGenerator: unknown = AsyncGeneratorFunction.prototype;

/** Whether the value is a generator, or an object whose iterators are; found out without running its code. */
function isGenerator(value: unknown): boolean {
  delegatesDirectly = false;
  if (typeof value !== "object" || value === null) return false;
  for (let owner: object | null = value; owner !== null && !isProxy(owner); owner = getPrototypeOf(owner)) {
    if (owner === Generator || owner === AsyncGenerator) {
      delegatesDirectly = true;
      return true;
    }
    const method: unknown = (
      getOwnPropertyDescriptor(owner, asyncIterator) ?? getOwnPropertyDescriptor(owner, iterator)
    )?.value;
    if (method === undefined) continue;
    if (typeof method !== "function" || isProxy(method)) return false;
    const prototype = getPrototypeOf(method);
    return prototype === GeneratorFunction || prototype === AsyncGeneratorFunction;
  }
  return false;
}
