// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { max } from "../../tables/own_math.ts";
import { emptyArray, OwnFloat64Array, OwnWeakRef } from "../../tables/safe_collections.ts";
import { DOMAIN_SUSPENDED } from "../../vocabulary/domains.ts";
import { type Activation, callersOf } from "../calls/activation.ts";
import { GENERATOR } from "../calls/activation_kinds.ts";
import { showSuspended, showYoung } from "../calls/suspended.ts";
import { sizeOfSuspended } from "./resource_sizes.ts";
import { guardedly, reporting } from "./watched_function.ts";

const { apply } = Reflect;
const { deref } = WeakRef.prototype;
const LEAST = 1024;

/**
 * Calls that wait, of async functions and generators in code that records its calls. Only the suspended call leads to its activation: when that
 * is gone, so is the call. Those that go on before there are 1,024 of them cost nothing but that.
 */
class SuspendedCalls {
  #calls: (WeakRef<Activation> | undefined)[] = emptyArray(LEAST);
  #ids = new OwnFloat64Array(LEAST);
  /** The sites that they were counted at. */
  #sites = new OwnFloat64Array(LEAST);
  #capacity = LEAST;
  #length = 0;
  #lookAt = LEAST;

  add(young: readonly (Activation | undefined)[], length: number): void {
    for (let i = 0; i < length; i++) {
      const activation = young[i]!;
      if (!activation.isSuspended) activation.waitsAt = 0;
      else {
        if (this.#length === this.#capacity) this.#grow();
        this.#ids[this.#length] = 0;
        this.#calls[this.#length++] = new OwnWeakRef(activation);
      }
    }
    if (this.#length > this.#lookAt) this.look(false);
  }

  /**
   * Counts out those that have gone on or are gone.
   *
   * @param counts Whether the others are counted where they wait now.
   */
  look(counts: boolean): void {
    let alive = 0;
    for (let i = 0; i < this.#length; i++) {
      const activation = apply(deref, this.#calls[i], []) as Activation | undefined;
      if (activation === undefined || !activation.isSuspended) {
        if (activation !== undefined) activation.waitsAt = 0;
        if (this.#ids[i] !== 0) reporting.to?.end(this.#ids[i]!);
        continue;
      }
      this.#calls[alive] = this.#calls[i];
      this.#ids[alive] = this.#ids[i]!;
      this.#sites[alive] = this.#sites[i]!;
      if (counts) this.#count(alive, activation);
      alive++;
    }
    for (let i = alive; i < this.#length; i++) this.#calls[i] = undefined;
    this.#length = alive;
    this.#lookAt = max(LEAST, 2 * alive);
  }

  #count(at: number, activation: Activation): void {
    const site = activation.waitsAt;
    if (this.#ids[at] !== 0 && this.#sites[at] === site) return;
    if (this.#ids[at] !== 0) reporting.to?.end(this.#ids[at]!);
    const isGenerator = activation.kind === GENERATOR;
    const place = { site, path: callersOf(activation) };
    const type = isGenerator ? "generator" : "async call";
    this.#ids[at] = reporting.to?.addAt(place, DOMAIN_SUSPENDED, type, sizeOfSuspended(isGenerator)) ?? 0;
    this.#sites[at] = site;
  }

  #grow(): void {
    const calls: (WeakRef<Activation> | undefined)[] = emptyArray(2 * this.#capacity);
    for (let i = 0; i < this.#length; i++) calls[i] = this.#calls[i];
    this.#calls = calls;
    this.#ids = copyInto(new OwnFloat64Array(2 * this.#capacity), this.#ids, this.#length);
    this.#sites = copyInto(new OwnFloat64Array(2 * this.#capacity), this.#sites, this.#length);
    this.#capacity *= 2;
  }
}

/** Of all sessions: numbers tell which one. */
const calls = new SuspendedCalls();

/**
 * Begins to count calls that wait.
 *
 * @returns Ends it.
 */
export function watchSuspended(): () => void {
  showSuspended((young, length) => guardedly(() => calls.add(young, length)));
  return () => showSuspended(null);
}

/** Before figures are read. */
export function settleSuspended(): void {
  showYoung();
  calls.look(true);
}
