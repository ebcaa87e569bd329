// Browser compatible.
import { detectEngine } from "../../host/engine.ts";
import { emptyArray, SafeMap, SafeWeakMap } from "../../tables/safe_collections.ts";
import { ReturnsArgument } from "../objects/returns_argument.ts";
import { endWith, type Tally } from "./owners.ts";

/** A listener that is counted. */
export interface Listener {
  readonly type: unknown;
  /** The function, or the object with `handleEvent`: the program's own, whatever the host has put around it. */
  readonly key: unknown;
  /** What the host has in its list: `key`, or what it has put around that. */
  readonly value: unknown;
  id: number;
  /** Its place among those of its owner. */
  place: number;
  /** The one before of the same type and key. */
  before: Listener | null;
  /** Goes without a call that removes it. */
  passing: Passing | null;
}

/** When a listener of an event target goes by itself. */
export interface Passing {
  /** The event. */
  readonly type: string;
  /** When it has been called. */
  readonly isOnce: boolean;
  /** When that is aborted. */
  readonly signal: WeakRef<{ readonly aborted: boolean }> | null;
  /** Takes back what tells that it has been called. */
  readonly leave: (() => void) | null;
}

/** Dies with its owner, to which alone it belongs: V8 takes what a registry watches for alive in scavenges, with all that it leads to. */
class OwnerToken {}

/** So many are searched one by one. */
const FEW = 12;

/** The listeners of one emitter or target that are counted. Only the owner leads here, as only the owner leads to their functions. */
export class Listeners {
  // With elements of their own: no setter of a program's runs where one is set. Most emitters have no more.
  readonly tally: Tally = { ids: [0, 0, 0, 0], length: 0 };
  readonly token: OwnerToken = new OwnerToken();
  /** Some are `passing`. */
  hasPassing = false;
  /** In places. */
  #all: (Listener | null | undefined)[] = [null, null, null, null];
  #capacity = 4;
  /** By type and key, the last one; null: they are few. */
  #index: SafeMap<unknown, SafeMap<unknown, Listener>> | null = null;

  get length(): number {
    return this.tally.length;
  }

  at(place: number): Listener {
    return this.#all[place]!;
  }

  add(type: unknown, key: unknown, value: unknown, id: number): Listener {
    const { tally } = this;
    const place = tally.length;
    const listener: Listener = { type, key, value, id, place, before: null, passing: null };
    if (place === this.#capacity) this.#grow();
    this.#all[place] = listener;
    tally.ids[place] = id;
    tally.length = place + 1;
    if (this.#index !== null) this.#enter(listener);
    else if (tally.length > FEW) {
      this.#index = new SafeMap();
      for (let i = 0; i < tally.length; i++) this.#enter(this.#all[i]!);
    }
    return listener;
  }

  /** The last one of a type with this function, or that the host has put around it. */
  get(type: unknown, key: unknown, value: unknown): Listener | null {
    if (this.#index === null) {
      for (let i = this.tally.length - 1; i >= 0; i--) {
        const one = this.#all[i]!;
        if (one.type === type && one.key === key && (value === key || one.value === value)) return one;
      }
      return null;
    }
    let at = this.#index.get(type)?.get(key) ?? null;
    while (at !== null && value !== key && at.value !== value) at = at.before;
    return at;
  }

  /** Takes one away; its number is the caller's affair. */
  take(listener: Listener): void {
    const { tally } = this;
    const { place } = listener;
    if (this.#index !== null) this.#leave(listener);
    const last = tally.length - 1;
    const moved = this.#all[last]!;
    this.#all[place] = moved;
    moved.place = place;
    tally.ids[place] = moved.id;
    this.#all[last] = null;
    tally.ids[last] = 0;
    tally.length = last;
  }

  #grow(): void {
    const { tally } = this;
    const all = emptyArray<Listener | null>(2 * this.#capacity);
    const ids = emptyArray<number>(2 * this.#capacity);
    for (let i = 0; i < this.#capacity; i++) {
      all[i] = this.#all[i];
      ids[i] = tally.ids[i];
    }
    this.#all = all;
    tally.ids = ids;
    this.#capacity *= 2;
  }

  #enter(listener: Listener): void {
    const index = this.#index!;
    let keys = index.get(listener.type);
    if (keys === undefined) index.set(listener.type, (keys = new SafeMap()));
    listener.before = keys.get(listener.key) ?? null;
    keys.set(listener.key, listener);
  }

  #leave(listener: Listener): void {
    const keys = this.#index!.get(listener.type)!;
    const last = keys.get(listener.key)!;
    if (last !== listener) {
      let at = last;
      while (at.before !== listener) at = at.before!;
      at.before = listener.before;
    } else if (listener.before !== null) keys.set(listener.key, listener.before);
    else {
      keys.delete(listener.key);
      if (keys.size === 0) this.#index!.delete(listener.type);
    }
  }
}

// ── by owner ──

let next: Listeners | null = null;

/** See `objects/stamp.ts`. */
class OwnerStamp extends ReturnsArgument {
  #listeners: Listeners = next!;

  static read(object: object): Listeners | null {
    return #listeners in object ? (object as OwnerStamp).#listeners : null;
  }

  static write(object: object, listeners: Listeners): void {
    next = listeners;
    new OwnerStamp(object);
    next = null;
  }
}

const beside = new SafeWeakMap<object, Listeners>();
/** Bun trips over private fields on objects of its own (`MixedMarks`); compilers can be told to make them properties that everybody sees. */
const usesStamps: boolean = detectEngine() !== "jsc" && areInvisible();
let hasBeside = !usesStamps;

function areInvisible(): boolean {
  const object = {};
  OwnerStamp.write(object, new Listeners());
  return Reflect.ownKeys(object).length === 0;
}

/** What is known of an owner's listeners; null: none was counted. */
export function listenersOf(owner: object): Listeners | null {
  const stamped = usesStamps ? OwnerStamp.read(owner) : null;
  return stamped ?? (hasBeside ? (beside.get(owner) ?? null) : null);
}

/** The same; begins to. */
export function listenersFrom(owner: object): Listeners {
  let listeners = listenersOf(owner);
  if (listeners !== null) return listeners;
  listeners = new Listeners();
  if (!usesStamps || !stamped(owner, listeners)) {
    hasBeside = true;
    beside.set(owner, listeners);
  }
  // JavaScriptCore asks of each object itself whether it is alive.
  endWith(usesStamps ? listeners.token : owner, listeners.tally);
  return listeners;
}

function stamped(owner: object, listeners: Listeners): boolean {
  try {
    OwnerStamp.write(owner, listeners);
    return true;
  } catch {
    return false;
  }
}
