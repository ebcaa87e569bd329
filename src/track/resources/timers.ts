// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { emptyArray, OwnFloat64Array, OwnWeakRef } from "../../tables/safe_collections.ts";
import { DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import { sizeOfTimer } from "./resource_sizes.ts";
import { type After, guardedly, recorderNow, reporting } from "./watched_function.ts";

/** As Node, Deno and Bun have them: `_destroyed` says that it has run, or been cleared. */
interface Timer {
  readonly _destroyed?: unknown;
}

const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** So many at least, and a quarter of those that were alive, are asked for before all are looked at again. */
const LEAST_BETWEEN = 256;

/**
 * The timers that have been asked for, as hosts know them that give an object for each. Nobody tells when one has run: they are asked, before
 * figures are read, and after every so many. (To put a function around the callback would show on stacks, in `timer._onTimeout` and in heaps.)
 */
export class TimerTable {
  #timers: (WeakRef<Timer> | undefined)[] = emptyArray(LEAST_BETWEEN);
  #ids = new OwnFloat64Array(LEAST_BETWEEN);
  #capacity = LEAST_BETWEEN;
  #length = 0;
  #lookAt = LEAST_BETWEEN;

  add(timer: object, id: number): void {
    if (this.#length === this.#lookAt) this.look();
    if (this.#length === this.#capacity) this.#grow();
    this.#timers[this.#length] = new OwnWeakRef<Timer>(timer);
    this.#ids[this.#length++] = id;
  }

  /** Counts out those that are over. */
  look(): void {
    let alive = 0;
    for (let i = 0; i < this.#length; i++) {
      const timer = apply(deref, this.#timers[i], []) as Timer | undefined;
      if (timer === undefined || timer._destroyed === true) reporting.to?.end(this.#ids[i]!);
      else {
        this.#timers[alive] = this.#timers[i];
        this.#ids[alive++] = this.#ids[i]!;
      }
    }
    for (let i = alive; i < this.#length; i++) this.#timers[i] = undefined;
    this.#length = alive;
    this.#lookAt = alive + (alive < 4 * LEAST_BETWEEN ? LEAST_BETWEEN : alive >>> 2);
  }

  #grow(): void {
    const timers: (WeakRef<Timer> | undefined)[] = emptyArray(2 * this.#capacity);
    for (let i = 0; i < this.#length; i++) timers[i] = this.#timers[i];
    this.#timers = timers;
    this.#ids = copyInto(new OwnFloat64Array(2 * this.#capacity), this.#ids, this.#length);
    this.#capacity *= 2;
  }
}

/** Of all sessions: numbers tell which one. */
export const timers: TimerTable = new TimerTable();

/** What to do when a function has given a timer. */
export function noteTimer(type: string): After {
  return (timer) => {
    if (typeof timer !== "object" || timer === null) return;
    const to = recorderNow(true);
    if (to === null) return;
    guardedly(() => {
      const id = to.add(DOMAIN_TIMER, type, sizeOfTimer(type, timer), true);
      if (id !== 0) timers.add(timer, id);
    });
  };
}
