// Browser compatible.

import type { MemberLetter } from "../../vocabulary/tracker_letters.ts";
import { announce, settleAnnounced } from "../builtins/announced.ts";
import { type Activation, enter, forgetPaths, suspend } from "./activation.ts";
import { ASYNC_FUNCTION, ASYNC_GENERATOR, GENERATOR, MODULE } from "./activation_kinds.ts";
import { isSpared } from "./countdown_first.ts";
import { delegate, endDelegation, enterGenerator, resume } from "./delegation.ts";
import { recordCalls } from "./instrumented_globals.ts";
import { prepaid } from "./prepaid.ts";
import { REPORT_EXPECTED } from "./prepaid_slots.ts";
import type { Recorder } from "./recorder.ts";
import { shadowStack } from "./shadow_stack.ts";
import { noteEnded, noteSuspended } from "./suspended.ts";

/** A variable of this module's own is a constant for V8, which loads an imported one at each use. */
const counts = prepaid;

// `var`: where a module's `let` is read, V8 asks each time whether it is in its dead zone, at each literal of a program. A sixth of the
// machine code of those is gone with it.
var recorder: Recorder | null = null;
/** Turns recording on, or off with null. */
export function setRecorder(next: Recorder | null): void {
  recorder?.takeBack();
  recorder = next;
  forgetPaths();
  recordCalls(next !== null);
}

/**
 * What instrumented code calls, one object per file. The letters are those of `vocabulary/tracker_members.ts`; all
 * instances share one shape, so that the calls stay monomorphic and inline.
 */
export class FileTracker implements Record<MemberLetter, unknown> {
  /** The number of the file's first site. Declared only: what is undefined first is no small integer to V8, and looked at each time. */
  declare readonly b: number;
  /** For another realm that was shown this tracker: its header defines the stack there. */
  readonly s: Int32Array = shadowStack;

  constructor(base: number) {
    this.b = base;
  }

  // Counted down before it is looked at, and all in one function: what V8 inlines at each literal is 60 bytes of code for
  // 95. The recorder sets right what has gone below zero; sites beyond the table give NaN.

  /** A new object. */
  o<T>(site: number, value: T, depth: number): T {
    const at = site + this.b;
    if (recorder !== null && !(--counts[at] >= 0)) recorder.fresh(at, value as object, depth);
    return value;
  }

  /** A new function or class, as the only property of an object, which has named it. */
  c<T>(site: number, holder: Record<string, T>, name: string, depth: number): T {
    return this.o(site, holder[name], depth);
  }

  /** Perhaps a new object. */
  n<T>(site: number, value: T, depth: number): T {
    const at = site + this.b;
    if (
      recorder !== null &&
      (typeof value !== "object" || value === null || counts[REPORT_EXPECTED] !== 0 || !(--counts[at] >= 0))
    )
      recorder.maybeFresh(at, value, depth);
    return value;
  }

  /** A string. */
  l<T>(site: number, value: T, depth: number): T {
    if (recorder !== null && !(typeof value !== "string" || isSpared(value)))
      recorder.text(this.b + site, value as string, depth);
    return value;
  }

  /** What a variable holds, reported by a statement of its own: a function that was declared, most often, which is new. */
  q(site: number, value: unknown, depth: number): void {
    if (typeof value === "function") this.o(site, value, depth);
    else this.n(site, value, depth);
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
  a(site: number): Activation {
    endDelegation();
    return enter(this.b + site, site === 0 ? MODULE : ASYNC_FUNCTION);
  }

  /** A generator is entered by its first `next()`. */
  g(site: number): Activation {
    return enterGenerator(this.b + site, GENERATOR);
  }

  /** An async generator is entered. */
  h(site: number): Activation {
    return enterGenerator(this.b + site, ASYNC_GENERATOR);
  }

  /** The activation suspends: the depth is its caller's again. */
  u<T>(value: T, activation: Activation, site?: number): T {
    suspend(activation, recorder);
    noteSuspended(activation, site, this);
    return value;
  }

  /** It suspends, and the generator that `value` is or makes goes on in its place: `yield*`, `for await`. */
  y<T>(value: T, activation: Activation, site: number): T {
    suspend(activation, recorder);
    if (recorder !== null) delegate(activation, value, this.b + site);
    noteSuspended(activation, site, this);
    return value;
  }

  /** It goes on. */
  w<T>(value: T, activation: Activation, site: number): T {
    resume(activation);
    shadowStack[activation.d] = this.b + site;
    return value;
  }

  /** As `w`, at the start of a handler: it may or may not have been suspended. */
  k(activation: Activation): void {
    if (activation.isSuspended) resume(activation);
    else shadowStack[0] = activation.d + 1;
  }

  /** It ends. */
  z(activation: Activation): void {
    if (!activation.isSuspended) shadowStack[0] = activation.entry;
    noteEnded(activation);
  }
}

/** The tracker has no member that the table lacks, as it lacks none of the table's. */
export type Unlisted = None<Exclude<keyof FileTracker, MemberLetter>>;
type None<T extends never> = T;
