// Browser compatible.

import { hostModule } from "../../host/built_in_modules.ts";
import {
  CALLING_CONSTRUCTORS,
  CONSTRUCTORS,
  DEFERRED_FUNCTIONS,
  FUNCTIONS,
} from "../../sites/builtin_tables.ts";
import { append, SafeWeakMap } from "../../tables/safe_collections.ts";
import { inParts, isConstructedSpared } from "../calls/countdown_first.ts";
import { registeredFiles } from "../calls/file_registry.ts";
import { quietly } from "../calls/quietly.ts";
import type { BuiltinRecorder } from "../calls/recorder.ts";
import { schedule, shadowStack } from "../calls/shadow_stack.ts";
import { seenProxies, tellsProxies } from "../objects/is_proxy.ts";
import { isReplacement, noteOriginal } from "../objects/originals.ts";
import { installFunctionToString } from "../texts/function_to_string.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import { takeAnnounced } from "./announced.ts";
import {
  type AnyFunction,
  disguised,
  isCounting,
  setBuiltinRecorder,
  settleBuiltins,
  standIn,
  whenCounting,
} from "./builtin_stand_ins.ts";
import { findOwner } from "./builtin_targets.ts";

type AnyConstructor = new (...args: unknown[]) => object;

const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;
const ProxyOfHost = Proxy;

/** Runs `work`, which is about functions that the host has not loaded yet, now or once they are wanted. Gives what cancels it. */
type WhenWanted = (work: () => void) => () => void;

let whenWanted: WhenWanted | null = null;

/** Says when `DEFERRED_FUNCTIONS` are wanted: they are left alone until then. Null: nobody knows, so that they are not. */
export function setWhenWanted(value: WhenWanted | null): void {
  whenWanted = value;
}

const noReport = (): void => {};

/** One stand-in per built-in, whatever the number of names it has and of times that tracing is started. */
const standIns = new SafeWeakMap<object, object>();

/** What stands in for a function; undefined: nothing. */
export function standInOf(original: object): object | undefined {
  return standIns.get(original);
}

/**
 * Puts stand-ins in the place of built-in functions that allocate, and of some constructors or all. What they make is charged to the line of instrumented
 * code that called them, directly or through code that is not instrumented.
 *
 * A function's stand-in is a function, which costs a few nanoseconds per call where a Proxy costs 100 to 700 (Node, Bun);
 * a Proxy, except on JavaScriptCore, where the function commonly runs the program's own code (`CALLING` in the tables): a
 * Proxy can leave no frame on the stack. A constructor's is a Proxy: it has all the properties of the real one, lets itself be extended and called.
 *
 * @returns Puts the built-ins back, except where the program has put something else in the meantime.
 */
export function installBuiltins(
  to: BuiltinRecorder,
  constructors: readonly string[] = CONSTRUCTORS,
): () => void {
  // webpack evaluates a module when something of it is first used: what stand-ins call must have made its tables before they are there.
  inParts(noReport);
  const undos: (() => void)[] = [];
  const install = (of: typeof FUNCTIONS): void => {
    for (let i = 0; i < of.length; i++) {
      const object = findOwner(of[i]);
      if (object === null) continue;
      const { names } = of[i];
      for (let j = 0; j < names.length; j++)
        replace(object, names[j], (original) => standIn(original, names[j], of[i]), undos);
    }
  };
  install(FUNCTIONS);
  const installDeferred = (): void => install(DEFERRED_FUNCTIONS);
  const forget = whenWanted === null ? installDeferred() : whenWanted(installDeferred);
  for (let i = 0; i < constructors.length; i++) installConstructor(constructors[i], undos);
  if (tellsProxies === undefined) watchProxies(undos);
  const undoText = installFunctionToString();
  const sync = moduleSync();
  sync();
  setBuiltinRecorder(to);
  return () => {
    forget?.();
    setBuiltinRecorder(null);
    // No methods or iterators of arrays: the program may have replaced them.
    for (let i = undos.length - 1; i >= 0; i--) undos[i]();
    // Instrumented functions give their original text, traced or not.
    if (registeredFiles() === 0) undoText();
    sync();
  };
}

/** `import { readFileSync } from "node:fs"` gets a copy, which Node renews when told to. */
export function moduleSync(): () => void {
  const nodeModule = hostModule("node:module") as { syncBuiltinESMExports?: () => void } | undefined;
  const sync = nodeModule?.syncBuiltinESMExports;
  // Node iterates with what the program has put there.
  return () => quietly(() => sync?.());
}

// ── properties ──

/** Puts `make(function)` in the place of a method. */
export function replace(
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
  append(undos, () => {
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

// ── constructors ──

function installConstructor(name: string, undos: (() => void)[]): void {
  const original = getOwnPropertyDescriptor(globalThis, name)?.value as AnyConstructor | undefined;
  if (typeof original !== "function") return;
  const { prototype } = original;
  // `[].constructor === Array` must stay true: both or none.
  if (getOwnPropertyDescriptor(prototype, "constructor")?.value !== original) return;
  const isCalling = CALLING_CONSTRUCTORS.has(name);
  const replacement = replace(globalThis, name, () => constructorProxy(original, isCalling), undos);
  if (replacement === null) return;
  // The same stand-in: there is one per built-in.
  replace(prototype as object, "constructor", () => replacement, undos);
}

function constructorProxy(original: AnyConstructor, isCalling: boolean): object {
  const trap = (target: AnyConstructor, args: unknown[], newTarget: unknown): object => {
    // A derived class: the object is charged to its own `new`.
    if (newTarget !== proxy) return construct(target, args, newTarget as AnyConstructor) as object;
    let value: object;
    try {
      value = create(target, args);
    } catch (error) {
      hideFrames(error, { standIn: trap, self: target, args });
      return throwAgain(error);
    }
    if (!(!isCounting() || isConstructedSpared(args))) reportConstructed(value);
    return value;
  };
  const proxy: object = new ProxyOfHost(original, {
    __proto__: null, // a program can put `get` on `Object.prototype`
    get construct() {
      // As for functions: no frame of ours. What an announced `new` gives is reported where it is written. (Where nothing is
      // counted, the trap is quicker by 70 ns than `construct`.)
      return isCalling && takeAnnounced(-1) ? construct : trap;
    },
  } as ProxyHandler<AnyConstructor>);
  return proxy;
}

/** Where the host cannot tell proxies, their own constructor does. They are not counted: their `new` is. */
function watchProxies(undos: (() => void)[]): void {
  const handler = {
    __proto__: null,
    construct(_target, args: [object, ProxyHandler<object>]): object {
      const proxy = new ProxyOfHost(args[0], args[1]);
      seenProxies.add(proxy);
      return proxy;
    },
  } as ProxyHandler<AnyFunction>;
  replace(globalThis, "Proxy", (original) => new ProxyOfHost(original, handler), undos);
  const wrap = (original: AnyFunction): AnyFunction =>
    disguised(
      {
        wrapper(this: unknown, target: unknown, handler: unknown): unknown {
          const revocable = apply(original, this, [target, handler]) as { proxy: object };
          seenProxies.add(revocable.proxy);
          return revocable;
        },
      }.wrapper,
      original,
    );
  replace(ProxyOfHost, "revocable", wrap, undos);
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
function reportConstructed(value: object): void {
  whenCounting((to) => {
    to.constructed(value, shadowStack[0]);
    if (isSettling) return;
    isSettling = true;
    schedule(settle);
  });
}

function settle(): void {
  isSettling = false;
  settleBuiltins();
}
