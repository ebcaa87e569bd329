// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import { append } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";
import type { AnyFunction } from "../builtins/builtin_stand_ins.ts";
import { moduleSync, replace, standInOf } from "../builtins/builtins.ts";
import { addingFunction, noteAllRemoved, notePrepended, removingFunction } from "./emitters.ts";
import {
  type ListenersOfHost,
  lookAtPassing,
  noteTargetAdded,
  noteTargetRemoved,
  setHost,
} from "./event_targets.ts";
import { laterTimer, tickingFunction } from "./later_timers.ts";
import type { ResourceRecorder } from "./resource_recorder.ts";
import { settleSuspended, watchSuspended } from "./suspended_calls.ts";
import { noteTimer, refreshFunction, timerClass, timers } from "./timers.ts";
import { type After, guardedly, reporting, watchedFunction } from "./watched_function.ts";
import { watchYoung } from "./young_owners.ts";

type Make = (original: AnyFunction) => AnyFunction;
type Put<What> = (object: object | undefined, name: string, what: What) => void;

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { hasOwn } = Object;

/** Of the global object and of `node:timers`, and what they make. */
const TIMERS: readonly (readonly [name: string, type: string])[] = [
  ["setTimeout", "timeout"],
  ["setInterval", "interval"],
  ["setImmediate", "immediate"],
];

/** `node:events`, as far as it is used. */
interface Events {
  readonly prototype: object;
  readonly getEventListeners?: ListenersOfHost;
}

/**
 * Puts stand-ins in the place of what asks for timers and listeners.
 *
 * @returns Puts the host's own back, except where the program has put something else in the meantime.
 */
export function installResources(to: ResourceRecorder): () => void {
  const undos: (() => void)[] = [];
  const put: Put<Make> = (object, name, make) => {
    if (object === undefined) return;
    readAccessor(object, name, undos);
    replace(object, name, make, undos);
  };
  const watch: Put<After> = (object, name, after) =>
    put(object, name, (original) => watchedFunction(original, after));
  installTimers(put);
  installListeners(watch, put);
  const sync = moduleSync();
  sync();
  guardedly(() => reporting.to?.settle());
  reporting.to = to;
  const leaveSuspended = watchSuspended();
  return () => {
    leaveSuspended();
    guardedly(() => to.settle());
    reporting.to = null;
    for (let i = undos.length - 1; i >= 0; i--) undos[i]();
    sync();
  };
}

/** Deno has accessors for what it loads late: they come back in the end. */
function readAccessor(object: object, name: string, undos: (() => void)[]): void {
  const accessor = getOwnPropertyDescriptor(object, name);
  if (accessor?.get === undefined || accessor.configurable !== true) return;
  const { get, enumerable = false } = accessor;
  const value: unknown = apply(get, object, []);
  // A null prototype: a program can put `get` on `Object.prototype`.
  const data = { __proto__: null, value, enumerable, writable: true, configurable: true };
  if (typeof value !== "function" || !defineProperty(object, name, data as PropertyDescriptor)) return;
  append(undos, () => {
    if (getOwnPropertyDescriptor(object, name)?.value === value) defineProperty(object, name, accessor);
  });
}

/** Counts out what has gone without a word: before figures are read. */
export function settleResources(): void {
  if (reporting.to === null) return;
  guardedly(() => {
    timers.look();
    watchYoung();
    lookAtPassing();
    settleSuspended();
    reporting.to?.settle();
  });
}

function installTimers(put: Put<Make>): void {
  const module = hostModule("node:timers");
  const met = new SafeSet<object>();
  timerClass.meet = (prototype) => {
    if (met.has(prototype)) return;
    met.add(prototype);
    if (hasOwn(prototype, "refresh"))
      put(prototype, "refresh", (original) => refreshFunction(original, prototype));
  };
  for (let i = 0; i < TIMERS.length; i++) {
    const { 0: name, 1: type } = TIMERS[i]!;
    const after = noteTimer(type);
    const make: Make = (original) =>
      watchedFunction(original, after, { prepare: (wrapper) => promiseStandIn(original, wrapper) });
    put(globalThis, name, make);
    put(module, name, make);
  }
  const later = hostModule("node:timers/promises") as { readonly scheduler?: object } | undefined;
  put(later, "setTimeout", (original) => laterTimer(original, "timeout"));
  put(later, "setImmediate", (original) => laterTimer(original, "immediate"));
  put(later, "setInterval", tickingFunction);
  const scheduler = later?.scheduler;
  if (scheduler === undefined) return;
  const methods = hasOwn(scheduler, "wait") ? scheduler : getPrototypeOf(scheduler)!;
  put(methods, "wait", (original) => laterTimer(original, "timeout"));
  put(methods, "yield", (original) => laterTimer(original, "immediate"));
}

const PROMISIFIED = Symbol.for("nodejs.util.promisify.custom");

/** `promisify(setTimeout)` is the one of `timers/promises`: the function that stands in for it, where the host would give its own (Deno). */
function promiseStandIn(original: AnyFunction, wrapper: AnyFunction): void {
  const descriptor = getOwnPropertyDescriptor(original, PROMISIFIED);
  const { get } = descriptor ?? {};
  if (get === undefined) return;
  const accessor = {
    get(this: unknown): unknown {
      const promised: unknown = apply(get, this, []);
      return typeof promised === "function" ? (standInOf(promised) ?? promised) : promised;
    },
  };
  defineProperty(wrapper, PROMISIFIED, { ...descriptor!, get: accessor.get });
}

function installListeners(watch: Put<After>, put: Put<Make>): void {
  const events = hostModule("node:events") as Events | undefined;
  const emitters = events?.prototype;
  put(emitters, "on", addingFunction);
  put(emitters, "addListener", addingFunction);
  watch(emitters, "prependListener", notePrepended);
  put(emitters, "off", removingFunction);
  put(emitters, "removeListener", removingFunction);
  watch(emitters, "removeAllListeners", noteAllRemoved);
  setHost({ listeners: events?.getEventListeners });
  const targets = (globalThis as { EventTarget?: { prototype: object } }).EventTarget?.prototype;
  put(targets, "addEventListener", (original) => watchedFunction(original, noteTargetAdded, { isOne: true }));
  watch(targets, "removeEventListener", noteTargetRemoved);
}
