// Browser compatible.

import { detectEngine } from "../../host/engine.ts";
import { type BuiltinFunctions, CALLING, type Result } from "../../sites/builtin_tables.ts";
import { inParts, isCountedDown } from "../calls/countdown_first.ts";
import { quiet } from "../calls/quiet.ts";
import type { BuiltinRecorder, BuiltinReport } from "../calls/recorder.ts";
import { shadowStack } from "../calls/shadow_stack.ts";
import type { Place } from "../objects/tree.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import { onSettled, takeAnnounced } from "./announced.ts";
import { REPORTS } from "./builtin_reports.ts";

/** A function of the host's, called as it comes. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
const { then } = Promise.prototype;
const PromiseOfHost = Promise;
const ProxyOfHost = Proxy;

/** The kinds of results, by the numbers that announced calls are noted with. */
const KINDS = Object.keys(REPORTS) as Result[];

/** While it is null, what a program has kept of stand-ins passes calls on. */
let recorder: BuiltinRecorder | null = null;

/** Says whom stand-ins report to; null: nobody. */
export function setBuiltinRecorder(to: BuiltinRecorder | null): void {
  recorder = to;
  onSettled(reportKind);
}

/** Has work done for whoever stand-ins report to, if there is a line to charge it to. */
export function whenCounting(work: (to: BuiltinRecorder) => void): void {
  if (!isCounting()) return;
  const to = recorder!;
  guarded(to, () => work(to));
}

/** Counts an object that a constructor has just given, if nobody has reported it: before figures are read. */
export function settleBuiltins(): void {
  if (recorder === null) return;
  const to = recorder;
  guarded(to, () => to.settle());
}

/** Makes the function that stands in for one of the tables. */
export function standIn(original: AnyFunction, name: string, { module, result }: BuiltinFunctions): object {
  const report = REPORTS[result];
  if (CALLING.has(name) && module === null) return callingStandIn(original, result);
  const called = module === null ? original : quietFunction(original);
  const wrapper =
    result === "later value" || result === "later tree"
      ? laterFunction(quietFunction(original), report)
      : result === "value"
        ? valueFunction(called)
        : reportingFunction(called, report);
  return disguised(wrapper, original);
}

/** Gives a function the other's properties, also those that the host or the program has added. */
export function disguised(wrapper: AnyFunction, original: AnyFunction): AnyFunction {
  const keys = ownKeys(original);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] !== "prototype")
      defineProperty(wrapper, keys[i], getOwnPropertyDescriptor(original, keys[i])!);
  }
  // Hosts write some in JavaScript as async functions.
  const parent = getPrototypeOf(original);
  if (parent !== getPrototypeOf(wrapper)) setPrototypeOf(wrapper, parent);
  return wrapper;
}

/** For functions that the host has written in JavaScript: what they call in turn is their own affair. */
function quietFunction(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    quiet.depth++;
    try {
      return apply(original, this, args);
    } finally {
      quiet.depth--;
    }
  };
}

/**
 * Whether there is a line to charge: an instrumented function is on the stack. The host's own code, and packages that
 * were excluded, stay untraced where the event loop calls them.
 */
export function isCounting(): boolean {
  return recorder !== null && quiet.depth === 0 && shadowStack[0] > 1;
}

// The stand-ins are methods, because these cannot be called with `new`, like the built-ins. `arguments`, because a rest
// parameter would be made an array for each call; and a call with `undefined` is not a call without an argument.

/** The quick one: the result is an object or a string of its own. */
function valueFunction(original: AnyFunction): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      let value: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see above
        value = apply(original, this, arguments);
      } catch (error) {
        // biome-ignore lint/complexity/noArguments: see above
        hideFrames(error, { standIn: wrapper, self: this, args: arguments });
        return throwAgain(error);
      }
      // What gives its own object back has made nothing: `"a".repeat(1)`.
      if (!(!isCounting() || value === this || isCountedDown())) reportValue(recorder!, value);
      return value;
    },
  };
  return wrapper;
}

function reportValue(to: BuiltinRecorder, value: unknown): void {
  quiet.depth++;
  try {
    const depth = shadowStack[0];
    to.builtinResult(value, to.callerPath(depth), to.callerSite(depth));
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}

function reportingFunction(original: AnyFunction, report: BuiltinReport): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const args = arguments;
      let value: unknown;
      try {
        value = apply(original, this, args);
      } catch (error) {
        hideFrames(error, { standIn: wrapper, self: this, args });
        return throwAgain(error);
      }
      if (!(!isCounting() || isCountedDown())) reportParts(recorder!, report, value, args.length);
      return value;
    },
  };
  return wrapper;
}

// For functions that run the program's own code. While that runs nothing of ours is on the stack, if the line that calls
// hands over what comes of it. JavaScriptCore shows a Proxy's call on its stacks, but makes tail calls; others do neither.

const HAS_TAIL_CALLS = detectEngine() === "jsc";
const VALUE = kindOf("value");

function kindOf(result: Result): number {
  let kind = 0;
  while (KINDS[kind] !== result) kind++;
  return kind;
}

function callingStandIn(original: AnyFunction, result: Result): object {
  const kind = kindOf(result);
  const isSettledElsewhere = (): boolean => !isCounting() || isCountedDown() || takeAnnounced(kind);
  const callAndReport = (target: AnyFunction, self: unknown, args: ArrayLike<unknown>): unknown => {
    let value: unknown;
    try {
      value = apply(target, self, args);
    } catch (error) {
      reportKind(kind, undefined, 0);
      hideFrames(error, { standIn: callAndReport, self, args });
      return throwAgain(error);
    }
    // What fails, or gives its own object back, has made nothing, but was a sample if one was due.
    reportKind(kind, value === self ? undefined : value, args.length);
    return value;
  };
  if (!HAS_TAIL_CALLS) {
    return new ProxyOfHost(original, {
      __proto__: null, // a program can put `get` on `Object.prototype`
      get apply() {
        // Without a trap V8 hands the call on as it is: 10 ns less than by way of `Reflect.apply`, which gets an array of the arguments.
        return isSettledElsewhere() ? undefined : callAndReport;
      },
    } as ProxyHandler<AnyFunction>);
  }
  // In tail position, a call takes the frame's place. It costs nothing, where a Proxy's costs 300 ns.
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      return (isSettledElsewhere() ? apply : callAndReport)(original, this, arguments);
    },
  };
  return disguised(wrapper, original);
}

/** With an argument count of 2, nobody vouches for it that the value is plain data. */
function reportKind(kind: number, value: unknown, argumentCount = 2): void {
  if (!isCounting()) return;
  const to = recorder!;
  if (kind === VALUE) reportValue(to, value);
  else reportParts(to, REPORTS[KINDS[kind]], value, argumentCount);
}

function reportParts(
  to: BuiltinRecorder,
  report: BuiltinReport,
  value: unknown,
  argumentCount: number,
): void {
  guarded(to, () => inParts(report)(to, value, placeOf(to), argumentCount));
}

/** For functions that give a promise: the program gets a promise of it, settled right after it has been counted. */
function laterFunction(original: AnyFunction, report: BuiltinReport): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const args = arguments;
      let promise: unknown;
      try {
        promise = apply(original, this, args);
      } catch (error) {
        hideFrames(error, { standIn: wrapper, self: this, args });
        return throwAgain(error);
      }
      if (!isCounting() || !(promise instanceof PromiseOfHost)) return promise;
      const to = recorder!;
      let place: Place | null = null;
      guarded(to, () => (place = placeOf(to)));
      return apply(then, promise, [
        (value: unknown) => {
          // The place is a number of the session's own tables.
          if (recorder === to && place !== null) guarded(to, () => report(to, value, place!, args.length));
          return value;
        },
      ]);
    },
  };
  return wrapper;
}

function placeOf(to: BuiltinRecorder): Place {
  const depth = shadowStack[0];
  return { path: to.callerPath(depth), site: to.callerSite(depth) };
}

function guarded(to: BuiltinRecorder, work: () => void): void {
  quiet.depth++;
  try {
    work();
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}
