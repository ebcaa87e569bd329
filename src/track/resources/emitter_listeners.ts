// Browser compatible.
import { detectEngine } from "../../host/engine.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import { ReturnsArgument } from "../objects/returns_argument.ts";
import { areInvisible, Listeners, OwnerToken } from "./listeners.ts";
import { endWith, owned } from "./owners.ts";
import { endLater } from "./young_owners.ts";

/** As `OwnerToken`, with the numbers of the first listeners: while there is no ring, the numbers themselves, later their places in it. */
export class EmitterToken extends OwnerToken {
  /** It is registered, or will be. */
  isWatched = false;
  length = 0;
  first = 0;
  second = 0;
  third = 0;

  /** From here on, the numbers are in a ring, which can be told that the emitter is gone. */
  makeRing(): void {
    if (this.ring !== 0) return;
    this.ring = owned.place(0);
    if (this.length > 0) this.first = owned.add(this.ring, this.first);
    if (this.length > 1) this.second = owned.add(this.ring, this.second);
    if (this.length > 2) this.third = owned.add(this.ring, this.third);
  }

  /** Gives the ring back, if nothing is left in it. */
  isEmpty(): boolean {
    if (this.length > 0 || (this.ring !== 0 && !owned.isEmpty(this.ring))) return false;
    if (this.ring !== 0) owned.take(this.ring);
    this.ring = 0;
    return true;
  }
}

/** So many listeners of an emitter are kept without an object for each: most requests have no more. */
const FEW = 3;

/**
 * The listeners of one emitter that are counted, the first that came first. What is added and removed within a request takes two objects for an emitter, no
 * place in a table, and no registry.
 */
export class EmitterListeners {
  readonly token: EmitterToken = new EmitterToken();
  firstType: unknown = undefined;
  firstKey: unknown = undefined;
  first: unknown = undefined;
  secondType: unknown = undefined;
  secondKey: unknown = undefined;
  second: unknown = undefined;
  thirdType: unknown = undefined;
  thirdKey: unknown = undefined;
  third: unknown = undefined;
  /** Those that came when there were three, and while there are any of them. */
  more: Listeners | null = null;

  isEmpty(): boolean {
    return this.token.length === 0 && (this.more === null || this.more.length === 0);
  }

  /**
   * @param key The function: the program's own, whatever `once` has put around it.
   * @param value What the emitter has in its list: `key`, or what is around it.
   */
  add(type: unknown, key: unknown, value: unknown, id: number): void {
    const { token, more } = this;
    const { length } = token;
    if (length === FEW || (more !== null && more.length > 0)) {
      this.#addMore(type, key, value, id);
      return;
    }
    const number = token.ring === 0 ? id : owned.add(token.ring, id);
    if (length === 0) {
      this.firstType = type;
      this.firstKey = key;
      this.first = value;
      token.first = number;
    } else if (length === 1) {
      this.secondType = type;
      this.secondKey = key;
      this.second = value;
      token.second = number;
    } else {
      this.thirdType = type;
      this.thirdKey = key;
      this.third = value;
      token.third = number;
    }
    token.length = length + 1;
  }

  #addMore(type: unknown, key: unknown, value: unknown, id: number): void {
    this.token.makeRing();
    this.more ??= new Listeners(this.token);
    this.more.add(type, key, value, id);
  }

  /** Takes the last one away that the emitter takes `value` for, and gives its number; 0: it is not counted. */
  take(type: unknown, value: unknown): number {
    const { more, token } = this;
    const { length } = token;
    if (more !== null && more.length > 0) {
      const listener = more.get(type, keyOf(value), value);
      if (listener !== null) return more.take(listener);
    }
    // `removeListener` finds the function itself, and what is around it.
    if (length === 3 && this.thirdType === type && (this.third === value || this.thirdKey === value))
      return this.#takeThird();
    if (length > 1 && this.secondType === type && (this.second === value || this.secondKey === value))
      return this.#takeSecond();
    if (length > 0 && this.firstType === type && (this.first === value || this.firstKey === value))
      return this.#takeFirst();
    return 0;
  }

  /** Takes one of those away that `removeAllListeners` removes; 0: there is none left. */
  takeAny(isAll: boolean, type: unknown): number {
    const { more, token } = this;
    for (let one = more === null ? null : more.last; one !== null; one = one.earlier)
      if (isAll || one.type === type) return more!.take(one);
    const { length } = token;
    if (length === 3 && (isAll || this.thirdType === type)) return this.#takeThird();
    if (length > 1 && (isAll || this.secondType === type)) return this.#takeSecond();
    if (length > 0 && (isAll || this.firstType === type)) return this.#takeFirst();
    return 0;
  }

  #takeFirst(): number {
    const { token } = this;
    const number = token.first;
    this.firstType = this.secondType;
    this.firstKey = this.secondKey;
    this.first = this.second;
    token.first = token.second;
    this.#closeUp();
    return token.ring === 0 ? number : owned.take(number);
  }

  #takeSecond(): number {
    const { token } = this;
    const number = token.second;
    this.#closeUp();
    return token.ring === 0 ? number : owned.take(number);
  }

  #takeThird(): number {
    const { token } = this;
    const number = token.third;
    this.#forgetThird();
    return token.ring === 0 ? number : owned.take(number);
  }

  #closeUp(): void {
    this.secondType = this.thirdType;
    this.secondKey = this.thirdKey;
    this.second = this.third;
    this.token.second = this.token.third;
    this.#forgetThird();
  }

  #forgetThird(): void {
    this.thirdType = undefined;
    this.thirdKey = undefined;
    this.third = undefined;
    this.token.length--;
  }
}

/** What `once` has put around a listener names it, as `rawListeners` shows. */
export function keyOf(value: unknown): unknown {
  const inner = typeof value === "function" ? (value as { listener?: unknown }).listener : undefined;
  return typeof inner === "function" ? inner : value;
}

// ── by emitter: see `listeners.ts` ──

class EmitterStamp extends ReturnsArgument {
  #listeners: EmitterListeners;

  // Few kinds of emitters come here: two stores are quicker than a function that makes the field (4 ns for 7).
  constructor(object: object, listeners: EmitterListeners) {
    super(object);
    this.#listeners = listeners;
  }

  static read(object: object): EmitterListeners | null {
    return #listeners in object ? (object as EmitterStamp).#listeners : null;
  }

  static write(object: object, listeners: EmitterListeners): void {
    new EmitterStamp(object, listeners);
  }
}

const beside = new SafeWeakMap<object, EmitterListeners>();
const usesStamps: boolean = detectEngine() !== "jsc" && areInvisible(makeExample());
let hasBeside = !usesStamps;

function makeExample(): object {
  const object = {};
  EmitterStamp.write(object, new EmitterListeners());
  return object;
}

/** What is known of an emitter's listeners; null: none was counted. */
export function listenersOfEmitter(emitter: object): EmitterListeners | null {
  const stamped = usesStamps ? EmitterStamp.read(emitter) : null;
  return stamped ?? (hasBeside ? (beside.get(emitter) ?? null) : null);
}

/** Begins to know an emitter's listeners. */
export function newListenersOf(emitter: object): EmitterListeners {
  const listeners = new EmitterListeners();
  if (!usesStamps || !isStamped(emitter, listeners)) {
    hasBeside = true;
    beside.set(emitter, listeners);
  }
  return listeners;
}

function isStamped(emitter: object, listeners: EmitterListeners): boolean {
  try {
    EmitterStamp.write(emitter, listeners);
    return true;
  } catch {
    return false;
  }
}

/** Has the numbers end with the emitter. */
export function watch(emitter: object, { token }: EmitterListeners): void {
  token.isWatched = true;
  if (usesStamps) endLater(token);
  else {
    // JavaScriptCore asks of each object itself whether it is alive.
    token.makeRing();
    endWith(emitter, token.ring);
  }
}
