// Browser compatible.
import { copyInto } from "../tables/copy_into.ts";
import { max, min } from "../tables/own_math.ts";
import { Random } from "../tables/random.ts";
import { OwnInt32Array, OwnUint8Array } from "../tables/safe_collections.ts";
import { clock } from "./clock.ts";
import { AdaptiveSampler } from "./sampler.ts";

/** log₂ of the smallest share that the adaptive sampler has, and of the smallest of all. */
const SMALLEST_SHARE = 8;
const LEAST_SHARE = 16;

/** Following an object takes 0.7 µs, in ms, with what the garbage collector does for it (`docs/sampling.md`). */
const COST = 0.0007;
/** Of the time that passes, so much may go into following objects of lines that are at the smallest share. */
const BUDGET = 0.005;
/** So many followed objects between two looks at the clock. */
const LOOK_EVERY = 512;

/** As the adaptive sampler, but where busy lines would cost more than their part of the time they go below one in 256. */
export class BudgetedSampler extends AdaptiveSampler {
  readonly #random: Random;
  readonly #now: () => number;
  #untilLook = LOOK_EVERY;
  #lastLook: number;
  /** log₂ of the share of busy lines. */
  #present = SMALLEST_SHARE;
  // By site, as in the adaptive sampler, from when a line has come to its smallest share. A share of 0: it has not.
  #sites = 1024;
  #share = new OwnUint8Array(1024);
  #rest = new OwnInt32Array(1024);

  constructor(seed: number | null, now: () => number = clock) {
    super(seed);
    this.#random = new Random(seed === null ? null : seed ^ 0x2c1b3c6d);
    this.#now = now;
    this.#lastLook = now();
  }

  override due(site: number): number {
    const own = site < this.#sites ? this.#share[site] : 0;
    if (own === 0) {
      const share = super.due(site);
      // From the end of this stratum on.
      if (share === SMALLEST_SHARE) this.#takeOver(site);
      return share;
    }
    if (--this.#untilLook === 0) this.#look();
    this.#draw(site, this.#rest[site]);
    return own;
  }

  #takeOver(site: number): void {
    if (site >= this.#sites) this.#grow(site);
    // What was drawn is drawn anew, from the same stratum's end on.
    this.#draw(site, this.left - this.drawn - 1);
  }

  #draw(site: number, rest: number): void {
    const share = this.#present;
    this.#share[site] = share;
    const length = 2 ** share;
    const drawn = this.#random.below(length);
    this.left = rest + drawn + 1;
    this.#rest[site] = length - drawn - 1;
  }

  #look(): void {
    this.#untilLook = LOOK_EVERY;
    const now = this.#now();
    const wanted = (LOOK_EVERY * COST) / BUDGET;
    const passed = now - this.#lastLook;
    this.#lastLook = now;
    if (passed < wanted) this.#present = min(this.#present + 1, LEAST_SHARE);
    else if (passed > 4 * wanted) this.#present = max(this.#present - 1, SMALLEST_SHARE);
  }

  #grow(site: number): void {
    const before = this.#sites;
    const length = max(site + 1, before * 2);
    this.#sites = length;
    this.#share = copyInto(new OwnUint8Array(length), this.#share, before);
    this.#rest = copyInto(new OwnInt32Array(length), this.#rest, before);
  }
}
