// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { emptyArray, OwnFloat64Array, OwnWeakRef } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";
import { DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import { type AnyFunction, disguised } from "../builtins/builtin_stand_ins.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import { sizeOfTimer } from "./resource_sizes.ts";
import { type After, guardedly, recorderNow, reporting } from "./watched_function.ts";

/** As Node, Deno and Bun have them: `_destroyed` says that it has run, or been cleared. */
interface Timer {
  readonly _destroyed?: unknown;
}

const { apply, getPrototypeOf } = Reflect;
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
  /** Some have been started anew: their numbers are negative. */
  #hasAgain = false;

  /** A timer that had run is started anew. Whether it is still among those that nobody has looked at since is found out then. */
  addAgain(timer: object, id: number): void {
    this.add(timer, -id);
    this.#hasAgain = true;
  }

  add(timer: object, id: number): void {
    if (this.#length === this.#lookAt) this.look();
    if (this.#length === this.#capacity) this.#grow();
    this.#timers[this.#length] = new OwnWeakRef<Timer>(timer);
    this.#ids[this.#length++] = id;
  }

  /** Counts out those that are over. */
  look(): void {
    let alive = 0;
    const there = this.#hasAgain ? new SafeSet<Timer>() : null;
    this.#hasAgain = false;
    for (let i = 0; i < this.#length; i++) {
      const timer = apply(deref, this.#timers[i], []) as Timer | undefined;
      const isAgain = this.#ids[i]! < 0;
      const id = isAgain ? -this.#ids[i]! : this.#ids[i]!;
      if (timer === undefined || timer._destroyed === true || (isAgain && there!.has(timer)))
        reporting.to?.end(id);
      else {
        there?.add(timer);
        this.#timers[alive] = this.#timers[i];
        this.#ids[alive++] = id;
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

/** Told of the prototypes of timers that are counted: hosts show their class by its instances alone. Stand-ins outlive sessions, and this is the present one's. */
export const timerClass: { meet: (prototype: object) => void } = { meet: () => {} };

/** What to do when a function has given a timer. */
export function noteTimer(type: string): After {
  return (timer) => {
    if (typeof timer !== "object" || timer === null) return;
    const to = recorderNow(true);
    if (to === null) return;
    guardedly(() => {
      const id = to.add(DOMAIN_TIMER, type, sizeOfTimer(type, timer), true);
      if (id !== 0) timers.add(timer, id);
      timerClass.meet(getPrototypeOf(timer)!);
    });
  };
}

/** Makes the function that stands in for `refresh`, which starts a timer anew that has run: on the line that calls it. */
export function refreshFunction(original: AnyFunction, prototype: object): AnyFunction {
  const isOver = (timer: unknown): boolean =>
    typeof timer === "object" &&
    timer !== null &&
    getPrototypeOf(timer) === prototype &&
    (timer as Timer)._destroyed === true;
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      const hasRun = reporting.to !== null && isOver(this);
      let value: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see `watchedFunction`
        value = apply(original, this, arguments);
      } catch (error) {
        // biome-ignore lint/complexity/noArguments: see `watchedFunction`
        hideFrames(error, { standIn: wrapper, self: this, args: arguments });
        return throwAgain(error);
      }
      if (hasRun && !isOver(this)) noteAgain(this as object);
      return value;
    },
  };
  return disguised(wrapper, original);
}

function noteAgain(timer: object): void {
  const to = recorderNow(true);
  if (to === null) return;
  guardedly(() => {
    const id = to.add(DOMAIN_TIMER, "timeout", sizeOfTimer("timeout", timer), true);
    if (id !== 0) timers.addAgain(timer, id);
  });
}
