// Browser compatible.
import { FloatColumn, IntColumn } from "../../tables/columns.ts";
import { reporting } from "./watched_function.ts";

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/**
 * Numbers of resources by owner: a ring of places for each, which begins at one without a number. What a registry holds for an owner
 * outlives several collections of V8's: it is one integer, and leads to no object.
 */
class OwnedResources {
  readonly #ids = new FloatColumn();
  readonly #next = new IntColumn();
  readonly #before = new IntColumn();
  /** The first place that is free again, which leads to the others. */
  #free = 0;

  constructor() {
    // 0 is no place.
    this.#push(0);
  }

  /** A place; of a ring of its own. */
  place(id: number): number {
    const place = this.#free;
    if (place === 0) return this.#push(id);
    this.#free = this.#next.at(place);
    this.#ids.set(place, id);
    this.#next.set(place, place);
    this.#before.set(place, place);
    return place;
  }

  /** A place in a ring. */
  add(ring: number, id: number): number {
    const place = this.place(id);
    const last = this.#before.at(ring);
    this.#before.set(place, last);
    this.#next.set(last, place);
    this.#next.set(place, ring);
    this.#before.set(ring, place);
    return place;
  }

  /** Whether a ring has no other places. */
  isEmpty(ring: number): boolean {
    return this.#next.at(ring) === ring;
  }

  /** Gives a place back, and what its number was. */
  take(place: number): number {
    const next = this.#next.at(place);
    const before = this.#before.at(place);
    this.#next.set(before, next);
    this.#before.set(next, before);
    this.#next.set(place, this.#free);
    this.#free = place;
    return this.#ids.at(place);
  }

  /** The owner is gone. */
  end(ring: number): void {
    for (let place = this.#next.at(ring); place !== ring; place = this.#next.at(ring)) {
      const id = this.take(place);
      reporting.to?.end(id);
    }
    const own = this.take(ring);
    if (own !== 0) reporting.to?.end(own);
  }

  #push(id: number): number {
    const place = this.#ids.length;
    this.#ids.push(id);
    this.#next.push(place);
    this.#before.push(place);
    return place;
  }
}

/** Of all sessions: numbers tell which one. */
export const owned: OwnedResources = new OwnedResources();

const registry: FinalizationRegistry<number> = new OwnRegistry((ring) => owned.end(ring));
registry.register = register; // its own, whatever becomes of the prototype's

/** Has those end that are in an owner's ring when it is collected. */
export function endWith(owner: object, ring: number): void {
  registry.register(owner, ring);
}
