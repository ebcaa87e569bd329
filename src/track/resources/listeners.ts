// Browser compatible.
import { detectEngine } from "../../host/engine.ts";
import { SafeMap, SafeWeakMap } from "../../tables/safe_collections.ts";
import { ReturnsArgument } from "../objects/returns_argument.ts";
import { endWith, owned } from "./owners.ts";

/** A listener that is counted. */
export interface Listener {
  readonly type: unknown;
  /** The function, or the object with `handleEvent`: the program's own, whatever the host has put around it. */
  readonly key: unknown;
  /** What the host has in its list: `key`, or what it has put around that. */
  readonly value: unknown;
  /** Where its number is (`owned`); 0: it is gone. */
  owned: number;
  /** Its neighbours among those of its owner. */
  earlier: Listener | null;
  later: Listener | null;
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
export class OwnerToken {
  /** See `owned`; 0: there is none yet. */
  ring = 0;
}

/** So many are searched one by one. */
const FEW = 12;

/** The listeners of one target, or many of an emitter, that are counted. Only the owner leads here, as only the owner leads to their functions. */
export class Listeners {
  readonly token: OwnerToken;
  /** Some are `passing`. */
  hasPassing = false;
  length = 0;
  /** The one that came last, which leads to the others. */
  last: Listener | null = null;
  /** By type and key, the last one; null: they are few. */
  #index: SafeMap<unknown, SafeMap<unknown, Listener>> | null = null;

  constructor(token: OwnerToken) {
    this.token = token;
  }

  add(type: unknown, key: unknown, value: unknown, id: number): Listener {
    const at = owned.add(this.token.ring, id);
    const { last } = this;
    const listener: Listener = {
      type,
      key,
      value,
      owned: at,
      earlier: last,
      later: null,
      before: null,
      passing: null,
    };
    if (last !== null) last.later = listener;
    this.last = listener;
    if (this.#index !== null) this.#enter(listener);
    else if (this.length === FEW) this.#enterAll();
    this.length++;
    return listener;
  }

  /** The last one of a type with this function, or that the host has put around it. */
  get(type: unknown, key: unknown, value: unknown): Listener | null {
    if (this.#index === null) {
      let one = this.last;
      while (
        one !== null &&
        !(one.type === type && one.key === key && (value === key || one.value === value))
      )
        one = one.earlier;
      return one;
    }
    let at = this.#index.get(type)?.get(key) ?? null;
    while (at !== null && value !== key && at.value !== value) at = at.before;
    return at;
  }

  /** Takes one away, and gives its number. */
  take(listener: Listener): number {
    if (this.#index !== null) this.#leave(listener);
    const { earlier, later } = listener;
    if (earlier !== null) earlier.later = later;
    if (later !== null) later.earlier = earlier;
    else this.last = earlier;
    this.length--;
    const id = owned.take(listener.owned);
    listener.owned = 0;
    return id;
  }

  #enterAll(): void {
    this.#index = new SafeMap();
    let first = this.last!;
    while (first.earlier !== null) first = first.earlier;
    for (let one: Listener | null = first; one !== null; one = one.later) this.#enter(one);
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
const usesStamps: boolean = detectEngine() !== "jsc" && areInvisible(makeExample());
let hasBeside = !usesStamps;

/** Whether programs do not see that an object has been stamped. */
export function areInvisible(stamped: object): boolean {
  return Reflect.ownKeys(stamped).length === 0;
}

function makeExample(): object {
  const object = {};
  OwnerStamp.write(object, new Listeners(new OwnerToken()));
  return object;
}

/** What is known of a target's listeners; null: none was counted. */
export function listenersOf(owner: object): Listeners | null {
  const stamped = usesStamps ? OwnerStamp.read(owner) : null;
  return stamped ?? (hasBeside ? (beside.get(owner) ?? null) : null);
}

/** The same; begins to, and has them end with the target. */
export function listenersFrom(owner: object): Listeners {
  const known = listenersOf(owner);
  if (known !== null) return known;
  const token = new OwnerToken();
  token.ring = owned.place(0);
  const listeners = new Listeners(token);
  if (!usesStamps || !stamped(owner, listeners)) {
    hasBeside = true;
    beside.set(owner, listeners);
  }
  // JavaScriptCore asks of each object itself whether it is alive.
  endWith(usesStamps ? token : owner, token.ring);
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
