// Browser compatible.
import type { Recorder } from "./recorder.ts";
import { CONTINUE, shadowStack } from "./shadow_stack.ts";

let recorder: Recorder | null = null;
/** Counts the times that tracing was started: paths that suspended functions keep are of one session. */
let session = 0;

/** Turns recording on, or off with null. */
export function setRecorder(next: Recorder | null): void {
  recorder = next;
  session++;
}

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
  /** Resumed by the event loop, not by a caller: the path has to be put back. */
  readonly isAsync: boolean;

  constructor(d: number, entry: number, isAsync: boolean) {
    this.d = d;
    this.entry = entry;
    this.isAsync = isAsync;
  }
}

/**
 * What instrumented code calls, one object per file. The short names are the transform's (`instrument/emit.ts`); all
 * instances share one shape, so that the calls stay monomorphic and inline.
 */
export class FileTracker {
  /** The number of the file's first site. */
  readonly b: number;
  readonly s: Int32Array = shadowStack;

  constructor(base: number) {
    this.b = base;
  }

  /** A new object. */
  o<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) recorder.fresh(this.b + site, value as object, depth);
    return value;
  }

  /** A new function or class, as the only property of an object, which has named it. */
  c<T>(site: number, holder: Record<string, T>, name: string, depth: number): T {
    const value = holder[name];
    if (recorder !== null) recorder.fresh(this.b + site, value as object, depth);
    return value;
  }

  /** Perhaps a new object. */
  n<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) recorder.maybeFresh(this.b + site, value, depth);
    return value;
  }

  /** A string. */
  l<T>(site: number, value: T, depth: number): T {
    if (recorder !== null) recorder.text(this.b + site, value, depth);
    return value;
  }

  /** What a variable holds, reported by a statement of its own. */
  q(site: number, value: unknown, depth: number): void {
    if (recorder !== null) recorder.maybeFresh(this.b + site, value, depth);
  }

  /** Gives the first argument back; the second is evaluated for its effect. */
  p<T>(value: T, _effect: unknown): T {
    return value;
  }

  /** An async function is entered: a slot for the path that it keeps across `await`, and one for itself. */
  a(site: number): Frame {
    const entry = shadowStack[0];
    shadowStack[entry] = CONTINUE;
    shadowStack[entry + 1] = this.b + site;
    shadowStack[0] = entry + 2;
    return new Frame(entry + 1, entry, true);
  }

  /** A generator is entered by its first `next()`. */
  g(site: number): Frame {
    const entry = shadowStack[0];
    shadowStack[entry] = this.b + site;
    shadowStack[0] = entry + 1;
    return new Frame(entry, entry, false);
  }

  /** An async generator is entered. */
  h(site: number): Frame {
    return this.a(site);
  }

  /** The frame suspends: the depth is its caller's again. */
  u<T>(value: T, frame: Frame): T {
    if (!frame.isSuspended) {
      if (frame.isAsync && recorder !== null && frame.session !== session) {
        frame.path = recorder.path(frame.d - 1);
        frame.session = session;
      }
      frame.isSuspended = true;
      shadowStack[0] = frame.entry;
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

  /** `for await` is about to start: from here on the loop suspends the frame by itself. */
  f<T>(value: T, frame: Frame): T {
    return this.u(value, frame);
  }

  /** The frame ends. */
  z(frame: Frame): void {
    if (!frame.isSuspended) shadowStack[0] = frame.entry;
  }
}

function reenter(frame: Frame): void {
  frame.isSuspended = false;
  if (!frame.isAsync) {
    frame.entry = shadowStack[0];
    frame.d = frame.entry;
    shadowStack[0] = frame.entry + 1;
    return;
  }
  // Promise jobs run on an empty stack, so whatever the depth says now is left over from a job that threw past the
  // last frame: start over at the bottom. (A nested drain of the microtask queue loses its callers' frames here.)
  frame.entry = 1;
  frame.d = 2;
  shadowStack[1] = frame.session === session && frame.path >= 0 ? ~frame.path : CONTINUE;
  shadowStack[0] = 3;
}
