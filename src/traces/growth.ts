// Browser compatible.
import { append, emptyArray, OwnWeakRef, SafeMap } from "../sites/safe_collections.ts";
import { type Made, madeAs } from "../track/made.ts";
import { Random } from "./random.ts";
import { AdaptiveSampler, type Shares } from "./sampler.ts";

/** A live object that is measured again at every snapshot. */
export interface Watched {
  readonly ref: WeakRef<object>;
  readonly site: number;
  /** The row that it was counted in. */
  readonly row: number;
  /** How many objects like it it stands for. */
  weight: number;
  /** What it was when it was allocated. */
  readonly made: Made;
  /** The row is of the bytes outside the heap. */
  readonly isExternal: boolean;
}

const SHARES: Shares = { first: 256, perShare: 128, plenty: 2 ** 15 };
/**
 * To find a live object again takes 0.3 to 1 µs, and to measure it as much again: a snapshot must not take long because a
 * program has thousands of lines with hundreds of live containers each.
 */
const MOST_WATCHED = 2 ** 16;
const FIRST_WATCHED = 4096;

/**
 * Objects that are looked at again when a snapshot is taken: `[]`, `{}` and `new Map()` are small when they are made, and
 * what they hold comes later.
 *
 * Finding a live object again takes a WeakRef, which costs 115 to 550 ns to make and keeps the object until the current
 * job ends. So not every object gets one: of each site the first 256, then one in 2, 4, 8 …, which stand for the others;
 * and where these are more than 65,536, the sites with most keep every second, fourth … of theirs.
 * A cache that is made once is measured exactly; ten thousand small ones on one line are estimated.
 */
export class Growth {
  readonly #sampler: AdaptiveSampler;
  readonly #random: Random;
  readonly #most: number;
  /** As long as it may become before it is pruned: `append` takes 100 ns an entry. */
  #watched: (Watched | undefined)[] = emptyArray(FIRST_WATCHED);
  #count = 0;
  /** By site: of how many that the sampler wants one is watched, where that is not all. */
  readonly #thinned = new SafeMap<number, number>();

  constructor(seed: number | null, most: number = MOST_WATCHED) {
    this.#sampler = new AdaptiveSampler(seed, SHARES);
    this.#random = new Random(seed);
    this.#most = most;
  }

  /** Bytes: an entry, its WeakRef and its slot in the list. */
  get memory(): number {
    return this.#count * 88 + this.#watched.length * 8 + this.#sampler.memory;
  }

  /** Perhaps watches an object that has just been followed with a weight. */
  note(
    site: number,
    object: object,
    { row, weight, isExternal }: { row: number; weight: number; isExternal: boolean },
  ): void {
    if (typeof object === "function") return;
    const decision = this.#sampler.decide(site);
    if (decision < 0) return;
    const share = this.#thinned.size === 0 ? 1 : (this.#thinned.get(site) ?? 1);
    if (share > 1 && this.#random.below(share) !== 0) return;
    const made = madeAs(object, isExternal);
    if (made === null) return;
    const stands = weight * this.#sampler.weight(decision) * share;
    const ref = new OwnWeakRef(object);
    this.#watched[this.#count++] = { ref, site, row, weight: stands, made, isExternal };
    if (this.#count === this.#watched.length) this.#prune();
  }

  /** Visits all that are alive, to be measured. Objects seen here stay alive until the current job ends. */
  measure(visit: (watched: Watched, object: object) => void): void {
    const watched = this.#watched;
    const count = this.#count;
    let alive = 0;
    for (let i = 0; i < count; i++) {
      const each = watched[i]!;
      const object = each.ref.deref();
      watched[i] = undefined;
      if (object === undefined) continue;
      watched[alive++] = each;
      visit(each, object);
    }
    this.#count = alive;
  }

  #prune(): void {
    let alive = this.#watched.filter((each) => each!.ref.deref() !== undefined) as Watched[];
    if (alive.length > this.#most * 0.75) alive = this.#thin(alive);
    const wanted = Math.min(Math.max(FIRST_WATCHED, alive.length * 2), this.#most);
    // With more lines than may be watched, there is nothing to thin.
    const watched = emptyArray<Watched>(Math.max(wanted, alive.length + FIRST_WATCHED / 4));
    for (let i = 0; i < alive.length; i++) watched[i] = alive[i];
    this.#watched = watched;
    this.#count = alive.length;
  }

  /** Halves what is watched of the sites with most, until what is left is half of what may be. */
  #thin(watched: Watched[]): Watched[] {
    // Objects of one row stand next to each other then, and one of them for the other.
    watched.sort((a, b) => a.site - b.site || a.row - b.row);
    const ends: number[] = [];
    for (let i = 1; i <= watched.length; i++) {
      if (i === watched.length || watched[i].site !== watched[i - 1].site) append(ends, i);
    }
    const cap = capFor(
      ends.map((end, i) => end - (i === 0 ? 0 : ends[i - 1])),
      this.#most / 2,
    );
    let kept = 0;
    for (let i = 0, start = 0; i < ends.length; start = ends[i++]) {
      let share = 1;
      while ((ends[i] - start) / share > cap) share *= 2;
      const { site } = watched[start];
      if (share > 1) this.#thinned.set(site, (this.#thinned.get(site) ?? 1) * share);
      kept = this.#keepOneOf(share, watched, { start, end: ends[i], kept });
    }
    watched.length = kept;
    return watched;
  }

  /**
   * One of each `share` in a range, drawn at random; of a last group of fewer, one as often as there are objects in it. Those
   * that stay move up behind the first `kept`.
   *
   * @returns How many have been kept then.
   */
  #keepOneOf(
    share: number,
    watched: Watched[],
    { start, end, kept }: { start: number; end: number; kept: number },
  ): number {
    let next = kept;
    for (let group = start; group < end; group += share) {
      const drawn = group + this.#random.below(share);
      if (drawn >= end) continue;
      const each = watched[drawn];
      each.weight *= share;
      watched[next++] = each;
    }
    return next;
  }
}

/** The most of each number, 1 or more, with which all add up to a total. */
function capFor(numbers: number[], total: number): number {
  numbers.sort((a, b) => a - b);
  let left = total;
  for (let i = 0; i < numbers.length; i++) {
    const share = left / (numbers.length - i);
    if (numbers[i] > share) return Math.max(1, share);
    left -= numbers[i];
  }
  return Number.POSITIVE_INFINITY;
}
