// Browser compatible.

import { type BuiltinFunctions, CONSTRUCTORS, FUNCTIONS } from "../sites/builtin_tables.ts";
import { REPORTS, type Report } from "./builtin_reports.ts";
import { builtinModule, findOwner } from "./builtin_targets.ts";
import { isReplacement, noteOriginal, originalOf } from "./originals.ts";
import { quiet } from "./quiet.ts";
import type { Recorder } from "./recorder.ts";
import { SafeWeakMap } from "./safe_collections.ts";
import { shadowStack } from "./shadow_stack.ts";
import type { Place } from "./tree.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type AnyConstructor = new (...args: unknown[]) => object;

const {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  ownKeys,
  setPrototypeOf,
} = Reflect;
const { then } = Promise.prototype;
const resolved = Promise.resolve();
const ProxyOfHost = Proxy;
const PromiseOfHost = Promise;

/** One stand-in per built-in, whatever the number of names it has and of times that tracing is started. */
const standIns = new SafeWeakMap<object, object>();

/** While it is null, what a program has kept of stand-ins passes calls on. */
let recorder: Recorder | null = null;

/**
 * Puts stand-ins in the place of built-in functions that allocate. What they make is charged to the line of instrumented
 * code that called them, directly or through code that is not instrumented.
 *
 * A function's stand-in is a function, which costs a few nanoseconds per call where a Proxy costs 100 to 700 (Node, Bun).
 * A constructor's is a Proxy: it has all the properties of the real one, lets itself be extended and called.
 *
 * @returns Puts the built-ins back, except where the program has put something else in the meantime.
 */
export function installBuiltins(to: Recorder): () => void {
  const undos: (() => void)[] = [];
  for (const functions of FUNCTIONS) {
    const object = findOwner(functions.owner);
    if (object === null) continue;
    for (const name of functions.names.split(" "))
      replace(object, name, (original) => standIn(original, functions), undos);
  }
  for (const name of CONSTRUCTORS) installConstructor(name, undos);
  replace(Function.prototype, "toString", standInForToString, undos);
  const sync = moduleSync();
  sync();
  recorder = to;
  return () => {
    recorder = null;
    for (const undo of undos.reverse()) undo();
    sync();
  };
}

/** `import { readFileSync } from "node:fs"` gets a copy, which Node renews when told to. */
function moduleSync(): () => void {
  const nodeModule = builtinModule("node:module") as { syncBuiltinESMExports?: () => void } | undefined;
  return nodeModule?.syncBuiltinESMExports ?? (() => {});
}

// ── properties ──

/** Puts `make(function)` in the place of a method. */
function replace(
  object: object,
  name: string,
  make: (original: AnyFunction) => object,
  undos: (() => void)[],
): object | null {
  const descriptor = getOwnPropertyDescriptor(object, name);
  const original: unknown = descriptor?.value;
  if (typeof original !== "function" || isReplacement(original)) return null;
  let replacement = standIns.get(original);
  if (replacement === undefined) {
    replacement = make(original as AnyFunction);
    noteOriginal(replacement, original);
    standIns.set(original, replacement);
  }
  if (!put(object, name, replacement)) return null;
  undos.push(() => {
    // A program that has patched the method, or frozen the object, keeps what it has.
    if (getOwnPropertyDescriptor(object, name)?.value === replacement) put(object, name, original);
  });
  return replacement;
}

/** Changes the value alone: the property keeps its place among the keys, and its attributes. */
function put(object: object, name: string, value: unknown): boolean {
  try {
    return defineProperty(object, name, { value });
  } catch {
    return false;
  }
}

// ── functions ──

function standIn(original: AnyFunction, { owner, result }: BuiltinFunctions): object {
  const report = REPORTS[result];
  const called = owner.startsWith("node:") ? quietFunction(original) : original;
  const wrapper = result.startsWith("later ")
    ? laterFunction(quietFunction(original), report)
    : result === "value"
      ? valueFunction(called)
      : reportingFunction(called, report);
  return disguised(wrapper, original);
}

/** Gives a function the other's properties, also those that the host or the program has added. */
function disguised(wrapper: AnyFunction, original: AnyFunction): AnyFunction {
  for (const key of ownKeys(original)) {
    if (key !== "prototype") defineProperty(wrapper, key, getOwnPropertyDescriptor(original, key)!);
  }
  // Hosts write some in JavaScript as async functions.
  const parent = getPrototypeOf(original);
  if (parent !== getPrototypeOf(wrapper)) setPrototypeOf(wrapper, parent);
  return wrapper;
}

/** Stand-ins give the text of what they stand for; whoever else has a hand in `toString` is asked for it. */
function standInForToString(original: AnyFunction): AnyFunction {
  return disguised(
    {
      wrapper(this: unknown): unknown {
        return apply(original, originalOf(this), []);
      },
    }.wrapper,
    original,
  );
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
function isCounting(): boolean {
  return recorder !== null && quiet.depth === 0 && shadowStack[0] > 1;
}

// The stand-ins are methods, because these cannot be called with `new`, like the built-ins. `arguments`, because a rest
// parameter would be made an array for each call; and a call with `undefined` is not a call without an argument.

/** The quick one: the result is an object or a string of its own. */
function valueFunction(original: AnyFunction): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const value = apply(original, this, arguments);
      // What gives its own object back has made nothing: `"a".repeat(1)`.
      if (isCounting() && value !== this) reportValue(recorder!, value);
      return value;
    },
  }.wrapper;
}

function reportValue(to: Recorder, value: unknown): void {
  quiet.depth++;
  try {
    const depth = shadowStack[0];
    to.made(value, to.callerPath(depth), to.callerSite(depth));
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}

function reportingFunction(original: AnyFunction, report: Report): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const args = arguments;
      const value = apply(original, this, args);
      if (isCounting()) {
        const to = recorder!;
        guarded(to, () => report(to, value, placeOf(to), args.length));
      }
      return value;
    },
  }.wrapper;
}

/** For functions that give a promise: the program gets a promise of it, settled right after it has been counted. */
function laterFunction(original: AnyFunction, report: Report): AnyFunction {
  return {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const args = arguments;
      const promise = apply(original, this, args);
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
  }.wrapper;
}

function placeOf(to: Recorder): Place {
  const depth = shadowStack[0];
  return { path: to.callerPath(depth), site: to.callerSite(depth) };
}

function guarded(to: Recorder, work: () => void): void {
  quiet.depth++;
  try {
    work();
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}

// ── constructors ──

function installConstructor(name: string, undos: (() => void)[]): void {
  const original = getOwnPropertyDescriptor(globalThis, name)?.value as AnyConstructor | undefined;
  if (typeof original !== "function") return;
  const { prototype } = original;
  // `[].constructor === Array` must stay true: both or none.
  if (getOwnPropertyDescriptor(prototype, "constructor")?.value !== original) return;
  const replacement = replace(globalThis, name, () => constructorProxy(original), undos);
  if (replacement === null) return;
  // The same stand-in: there is one per built-in.
  replace(prototype as object, "constructor", () => replacement, undos);
}

function constructorProxy(original: AnyConstructor): object {
  const proxy: object = new ProxyOfHost(original, {
    construct(target, args: unknown[], newTarget): object {
      // A derived class: the object is charged to its own `new`.
      if (newTarget !== proxy) return construct(target, args, newTarget) as object;
      const value = create(target, args);
      if (isCounting()) reportConstructed(recorder!, value);
      return value;
    },
  });
  return proxy;
}

/** As `construct(target, args)`, which takes three times as long on V8. */
function create(target: AnyConstructor, args: readonly unknown[]): object {
  switch (args.length) {
    case 0:
      return new target();
    case 1:
      return new target(args[0]);
    case 2:
      return new target(args[0], args[1]);
    default:
      return construct(target, args) as object;
  }
}

let isSettling = false;

/** Instrumented code reports what `new` gave at once, and better. Whatever it does not report is counted a bit later. */
function reportConstructed(to: Recorder, value: object): void {
  guarded(to, () => {
    to.constructed(value, shadowStack[0]);
    if (isSettling) return;
    isSettling = true;
    apply(then, resolved, [settle]);
  });
}

function settle(): void {
  isSettling = false;
  settleBuiltins();
}

/** Counts an object that a constructor has just given, if nobody has reported it: before figures are read. */
export function settleBuiltins(): void {
  if (recorder === null) return;
  const to = recorder;
  guarded(to, () => to.settle());
}
