// Browser compatible.
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { CONTINUE, shadowStack } from "../calls/shadow_stack.ts";

// Where instrumented code calls a built-in function that runs the program's own code (`map`, `replace`, `JSON.parse` …), it
// says so right before, and hands over what came of it right after: nothing of ours is on the stack in between. A call
// that is not announced (`Array.prototype.map.call(…)`, code that is not instrumented) has a frame of the stand-in's.

/** Calls that are running at one time; what comes on top of so many is not taken as announced. */
const MOST_CALLS = 1024;

/** Depth and kind of each announced call that is running, innermost last. */
const running = new OwnInt32Array(2 * MOST_CALLS);
// `var`: of `let`, V8 asks at each use whether it is in its dead zone (`file_tracker.ts`).
var end = 0;
/** The depth at which the next call is announced; 0: none is. */
var announced = 0;
var report: (kind: number, value: unknown) => void = () => {};

/** Whom to tell what announced calls gave. */
export function onSettled(listener: typeof report): void {
  report = listener;
}

/** The call that comes next may be of a built-in function. Of what it is on top of, nothing at its depth goes on. */
export function announce(): void {
  announced = shadowStack[0];
  // The program's own `map` takes this slot as soon as it makes a call. Where that throws, nothing else tells.
  shadowStack[announced] = CONTINUE;
  while (end > 0 && running[end - 2] >= announced) end -= 2; // those have thrown
}

/**
 * Whether the call that is being made was announced: at another depth, somebody else's code has been called in between.
 *
 * @param kind What to tell the listener about what it gives; -1: nothing.
 */
export function takeAnnounced(kind: number): boolean {
  const depth = shadowStack[0];
  if (announced !== depth || shadowStack[depth] !== CONTINUE) return false;
  if (kind >= 0) {
    if (end === 2 * MOST_CALLS) return false; // a program can put a `length` of its own on typed arrays
    running[end++] = depth;
    running[end++] = kind;
  }
  announced = 0;
  return true;
}

/** The call that was announced last, of those at this depth, has given a value. */
export function settleAnnounced(value: unknown): void {
  announced = 0;
  if (end === 0 || running[end - 2] !== shadowStack[0]) return;
  end -= 2;
  report(running[end + 1], value);
}
