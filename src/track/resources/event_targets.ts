// Browser compatible.
import { max } from "../../tables/own_math.ts";
import { append, OwnWeakRef, SafeMap } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";
import { DOMAIN_LISTENER } from "../../vocabulary/domains.ts";
import { type Listener, type Listeners, listenersFrom, listenersOf, type Passing } from "./listeners.ts";
import { sizeOfTargetListener } from "./resource_sizes.ts";
import { guardedly, recorderNow, reporting } from "./watched_function.ts";

const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** As far as is asked. */
interface Signal {
  readonly aborted: boolean;
}

/** What `addEventListener` was asked for. */
interface Asked extends Pick<Passing, "type" | "isOnce"> {
  /** Type and phase: a listener of both phases is two. */
  readonly key: string;
  readonly callback: object;
  readonly signal: Signal | null;
  readonly isCaptured: boolean;
}

/** So many at least, and as many as were there, come before all are looked at again. */
const LEAST_BETWEEN = 256;

/** Of an event, so many are searched one by one. */
const FEW = 8;

/** Targets with listeners that go by themselves. */
let owners: WeakRef<object>[] = [];
/** How many such listeners may come until the next look. */
let left = LEAST_BETWEEN;

/** Gives the functions that listen to a target's events of a type, as `events.getEventListeners` does; null: nobody can tell. */
export type ListenersOfHost = (target: object, type: string) => readonly unknown[];

/** Has `over` called when an event comes the next time; gives what takes that back. */
export type ListenOnce = (
  target: object,
  event: { readonly type: string; readonly isCaptured: boolean },
  over: () => void,
) => () => void;

/** How it is known that a listener has been called that is called once: the host is asked, or something is called after it. */
interface HostOfTargets {
  readonly listeners?: ListenersOfHost | undefined;
  readonly once?: ListenOnce;
}

let host: HostOfTargets = {};

/** Says how. */
export function setHost(how: HostOfTargets): void {
  host = how;
}

/** `addEventListener`: a listener is there, if it was not before. */
export function noteTargetAdded(_: unknown, self: unknown, args: ArrayLike<unknown>): void {
  const to = recorderNow(false);
  if (to === null) return;
  guardedly(() => {
    const owner = ownerOf(self);
    const asked = asksFor(args);
    if (owner === null || asked === null) return;
    const before = listenersOf(owner)?.get(asked.key, asked.callback, asked.callback) ?? null;
    // The same again is none; what can have gone meanwhile may be another.
    if (before !== null && before.passing === null) return;
    const id = to.add(
      DOMAIN_LISTENER,
      "listener",
      sizeOfTargetListener(),
      (listenersOf(owner)?.length ?? 0) === 0,
    );
    if (before !== null) end(listenersOf(owner)!, before);
    if (id === 0) return;
    const listener = listenersFrom(owner).add(asked.key, asked.callback, asked.callback, id);
    if (asked.isOnce || asked.signal !== null) notePassing(owner, listener, asked);
  });
}

/** `removeEventListener`. */
export function noteTargetRemoved(_: unknown, self: unknown, args: ArrayLike<unknown>): void {
  const owner = ownerOf(self);
  const listeners = owner === null ? null : listenersOf(owner);
  if (listeners === null || listeners.length === 0) return;
  guardedly(() => {
    const asked = asksFor(args);
    const listener = asked === null ? null : listeners.get(asked.key, asked.callback, asked.callback);
    if (listener !== null) end(listeners, listener);
  });
}

function end(listeners: Listeners, listener: Listener): void {
  const id = listeners.take(listener);
  reporting.to?.end(id);
  listener.passing?.leave?.();
}

/** Called as a function of nobody's, `addEventListener` is the global object's. */
function ownerOf(self: unknown): object | null {
  if (self === undefined || self === null) return globalThis;
  return typeof self === "object" || typeof self === "function" ? self : null;
}

/** Null: what the host passes over, or what would have to run the program's code. */
function asksFor({ 0: type, 1: callback, 2: options }: ArrayLike<unknown>): Asked | null {
  if ((typeof callback !== "object" && typeof callback !== "function") || callback === null) return null;
  if (typeof type !== "string" && typeof type !== "number") return null;
  const name = `${type}`;
  const hasOptions = typeof options === "object" && options !== null;
  const { capture, once, signal } = hasOptions ? (options as AddEventListenerOptions) : {};
  const isCaptured = hasOptions ? capture : options;
  if (signal?.aborted === true) return null;
  return {
    type: name,
    key: isCaptured ? `${name} captured` : name,
    callback,
    isCaptured: Boolean(isCaptured),
    isOnce: once === true,
    signal: signal ?? null,
  };
}

// ── those that go by themselves ──

function notePassing(owner: object, listener: Listener, asked: Asked): void {
  const { type, isOnce, signal } = asked;
  const listeners = listenersOf(owner)!;
  const over = (): void => {
    if (listener.owned !== 0) guardedly(() => end(listeners, listener));
  };
  const leave = isOnce && host.once ? host.once(owner, asked, over) : null;
  listener.passing = { type, isOnce, leave, signal: signal === null ? null : new OwnWeakRef(signal) };
  if (!listeners.hasPassing) append(owners, new OwnWeakRef(owner));
  listeners.hasPassing = true;
  if (--left === 0) lookAtPassing();
}

/** Counts out those that are gone. */
export function lookAtPassing(): void {
  const before = owners;
  owners = [];
  let found = 0;
  for (let i = 0; i < before.length; i++) {
    const owner = apply(deref, before[i], []) as object | undefined;
    if (owner === undefined) continue;
    const alive = lookAt(owner, listenersOf(owner)!);
    if (alive > 0) append(owners, before[i]!);
    found += alive;
  }
  left = max(LEAST_BETWEEN, found);
}

/** Gives how many are left. */
function lookAt(owner: object, listeners: Listeners): number {
  const there = new SafeMap<string, SafeSet<unknown>>();
  let alive = 0;
  for (let one = listeners.last; one !== null; ) {
    const listener = one;
    one = listener.earlier;
    if (listener.passing === null) continue;
    if (isGone(owner, listener, there)) end(listeners, listener);
    else alive++;
  }
  listeners.hasPassing = alive > 0;
  return alive;
}

function isGone(owner: object, { passing, key }: Listener, there: Map<string, SafeSet<unknown>>): boolean {
  const { type, isOnce, signal } = passing!;
  const aborts = signal === null ? undefined : (apply(deref, signal, []) as Signal | undefined);
  if (aborts?.aborted === true) return true;
  if (!isOnce || host.listeners === undefined) return false;
  const functions = there.get(type) ?? host.listeners(owner, type);
  if (functions instanceof SafeSet) return !functions.has(key);
  for (let i = 0; i < functions.length && i < FEW; i++) if (functions[i] === key) return false;
  if (functions.length <= FEW) return true;
  const many = new SafeSet<unknown>();
  for (let i = 0; i < functions.length; i++) many.add(functions[i]);
  there.set(type, many);
  return !many.has(key);
}
