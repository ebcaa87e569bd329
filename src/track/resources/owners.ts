// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { OwnFloat64Array, OwnInt32Array } from "../../tables/safe_collections.ts";
import { reporting } from "./watched_function.ts";

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/**
 * Numbers of resources by owner: a ring of places for each, which begins at one without a number. What a registry holds for an owner
 * outlives several collections of V8's: it is one integer, and leads to no object.
 */
class OwnedResources {
  #ids = new OwnFloat64Array(64);
  #next = new OwnInt32Array(64);
  #before = new OwnInt32Array(64);
  #capacity = 64;
  #used = 1;
  /** The first place that is free again, which leads to the others. */
  #free = 0;

  /** A place; of a ring of its own. */
  place(id: number): number {
    const place = this.#free || this.#used++;
    if (place === this.#capacity) this.#grow();
    if (place === this.#free) this.#free = this.#next[place];
    this.#ids[place] = id;
    this.#next[place] = place;
    this.#before[place] = place;
    return place;
  }

  /** A place in a ring. */
  add(ring: number, id: number): number {
    const place = this.place(id);
    const last = this.#before[ring];
    this.#before[place] = last;
    this.#next[last] = place;
    this.#next[place] = ring;
    this.#before[ring] = place;
    return place;
  }

  /** Whether a ring has no other places. */
  isEmpty(ring: number): boolean {
    return this.#next[ring] === ring;
  }

  /** Gives a place back, and what its number was. */
  take(place: number): number {
    const next = this.#next[place];
    const before = this.#before[place];
    this.#next[before] = next;
    this.#before[next] = before;
    this.#next[place] = this.#free;
    this.#free = place;
    return this.#ids[place];
  }

  /** The owner is gone. */
  end(ring: number): void {
    for (let place = this.#next[ring]; place !== ring; place = this.#next[ring]) {
      const id = this.take(place);
      reporting.to?.end(id);
    }
    const own = this.take(ring);
    if (own !== 0) reporting.to?.end(own);
  }

  #grow(): void {
    const capacity = 2 * this.#capacity;
    this.#ids = copyInto(new OwnFloat64Array(capacity), this.#ids, this.#capacity);
    this.#next = copyInto(new OwnInt32Array(capacity), this.#next, this.#capacity);
    this.#before = copyInto(new OwnInt32Array(capacity), this.#before, this.#capacity);
    this.#capacity = capacity;
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
