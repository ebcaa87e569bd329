// Browser compatible.
import { OwnWeakRef, SafeSet } from "../sites/safe_collections.ts";
import {
  backingContentsOf,
  type Contents,
  contentsOf,
  type Made,
  madeAs,
  type SeenStrings,
} from "../track/contents.ts";
import { AdaptiveSampler } from "./sampler.ts";

/** A live object that is measured again at every snapshot. */
export interface Watched {
  readonly ref: WeakRef<object>;
  /** The row that it was counted in. */
  readonly row: number;
  /** How many objects like it it stands for. */
  readonly weight: number;
  /** What it was when it was allocated. */
  readonly made: Made;
  /** The row is of the bytes outside the heap. */
  readonly isExternal: boolean;
}

const WATCHED_FIRST = 256;
const WATCHED_PER_SHARE = 128;

/**
 * Objects that are looked at again when a snapshot is taken: `[]`, `{}` and `new Map()` are small when they are made, and
 * what they hold comes later.
 *
 * Finding a live object again takes a WeakRef, which costs 115 to 550 ns to make and keeps the object until the current
 * job ends. So not every object gets one: of each site the first 256, then one in 2, 4, 8 …, which stand for the others.
 * A cache that is made once is measured exactly; ten thousand small ones on one line are estimated.
 */
export class Growth {
  readonly #sampler: AdaptiveSampler;
  #watched: Watched[] = [];
  #pruneAt = 4096;

  constructor(seed: number | null) {
    this.#sampler = new AdaptiveSampler(seed, { first: WATCHED_FIRST, perShare: WATCHED_PER_SHARE });
  }

  /** Bytes: an entry, its WeakRef and its slot in the list. */
  get memory(): number {
    return this.#watched.length * 96 + this.#sampler.memory;
  }

  /** Perhaps watches an object that has just been followed with a weight. */
  note(site: number, object: object, block: { row: number; weight: number; isExternal: boolean }): void {
    const decision = this.#sampler.decide(site);
    if (decision < 0) return;
    const weight = block.weight * this.#sampler.weight(decision);
    this.#watched.push({ ...block, ref: new OwnWeakRef(object), weight, made: madeAs(object, site) });
    if (this.#watched.length >= this.#pruneAt) this.#prune();
  }

  /** Measures all that are alive. Objects seen here stay alive until the current job ends. */
  measure(visit: (watched: Watched, now: Contents) => void): void {
    const seen: SeenStrings = new SafeSet();
    this.#prune();
    for (const watched of this.#watched) {
      const object = watched.ref.deref();
      if (object === undefined) continue;
      visit(watched, watched.isExternal ? backingContentsOf(object) : contentsOf(object, seen, watched.made));
    }
  }

  #prune(): void {
    this.#watched = this.#watched.filter(({ ref }) => ref.deref() !== undefined);
    this.#pruneAt = Math.max(4096, this.#watched.length * 2);
  }
}
