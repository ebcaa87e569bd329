// Browser compatible.

import { Random } from "../../tables/random.ts";
import { emptyArray, OwnWeakRef } from "../../tables/safe_collections.ts";
import { type InitialContents, initialContents } from "../../track/objects/initial_contents.ts";
import { AdaptiveSampler, type Shares } from "../sampling/sampler.ts";

/** A live object that is measured again at every snapshot. */
export interface Watched {
  readonly ref: WeakRef<object>;
  readonly site: number;
  /** The row that it was counted in. */
  readonly row: number;
  /** How many objects like it it stands for. */
  weight: number;
  /** The most bytes that it was seen to take; absent: not more than when it was made. */
  largest?: number;
  /** As in `Measured`. */
  store?: number;
  /** What it was when it was allocated. */
  readonly initial: InitialContents;
  /** The row is of the bytes outside the heap. */
  readonly isExternal: boolean;
}

const SHARES: Shares = { first: 256, perShare: 128, plenty: 2 ** 15 };
/**
 * To find a live object again takes 0.3 to 1 µs, and to measure it as much again: a snapshot must not take long because a
 * program has thousands of lines with hundreds of live containers each.
 */
const MOST_WATCHED = 2 ** 16;
export const FIRST_WATCHED = 4096;

/** `thinned_growth.ts`, or in pages what fetches that: it takes a while until so many containers have been made. */
export const thinning: {
  /** There is no room for one more. */
  makeRoom(growth: Growth): void;
  /** Of how many that the sampler wants one is watched. */
  share(growth: Growth, site: number, isFirst: boolean): number;
} = {
  makeRoom: enlarge,
  share: () => 1,
};

/**
 * Objects that are looked at again when a snapshot is taken: `[]`, `{}` and `new Map()` are small when they are made, and
 * what they hold comes later.
 *
 * Finding a live object again takes a WeakRef, which costs 115 to 550 ns to make and keeps the object until the current
 * job ends. So not every object gets one: of each site the first 256, then one in 2, 4, 8 …, which stand for the others;
 * and where these are more than 65,536, the sites with most keep every second, fourth … of theirs. In the long run few get one,
 * besides each line's first.
 * A cache that is made once is measured exactly; ten thousand small ones on one line are estimated.
 */
export class Growth {
  readonly sampler: AdaptiveSampler;
  readonly random: Random;
  /** How many may be watched. */
  readonly most: number;
  /** As long as it may become before it is pruned: `append` takes 100 ns an entry. */
  watched: (Watched | undefined)[] = emptyArray(FIRST_WATCHED);
  /** How many are watched. */
  count = 0;
  /** How many objects have been allocated. */
  allocated = 0;

  constructor(seed: number | null, most: number = MOST_WATCHED) {
    this.sampler = new AdaptiveSampler(seed, SHARES);
    this.random = new Random(seed);
    this.most = most;
  }

  /** Perhaps watches an object that has just been followed with a weight. */
  note(site: number, object: object, row: number, weight: number, isExternal: boolean): void {
    // No object of options: in exact mode each allocation comes here.
    this.allocated += weight;
    if (typeof object === "function") return;
    const decision = this.sampler.decide(site);
    if (decision < 0) return;
    const share = thinning.share(this, site, decision === 0);
    if (share > 1 && this.random.below(share) !== 0) return;
    const initial = initialContents(object, isExternal);
    if (initial === null) return;
    const stands = weight * this.sampler.weight(decision) * share;
    const ref = new OwnWeakRef(object);
    this.watched[this.count++] = { ref, site, row, weight: stands, initial, isExternal };
    if (this.count === this.watched.length) thinning.makeRoom(this);
  }
}

/** Makes room for more, without a look at what is there. */
export function enlarge(growth: Growth): void {
  const { watched } = growth;
  growth.watched = emptyArray(watched.length * 2);
  for (let i = 0; i < watched.length; i++) growth.watched[i] = watched[i];
}
