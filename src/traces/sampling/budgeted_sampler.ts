// Browser compatible.

import { clock } from "../../host/clock.ts";
import { max, min } from "../../tables/own_math.ts";
import { Random } from "../../tables/random.ts";
import { AdaptiveSampler, SMALLEST_SHARE } from "./sampler.ts";
import { Strata } from "./strata.ts";

/** log₂ of the smallest share of all. */
const LEAST_SHARE = 16;

/** Following an object takes 0.7 µs, in ms, with what the garbage collector does for it (`docs/sampling.md`). */
const COST = 0.0007;
/** Of the time that passes, so much may go into following objects of lines that are at the smallest share. */
const BUDGET = 0.005;
/** So many followed objects between two looks at the clock. */
const LOOK_EVERY = 512;

/** As the adaptive sampler, but where busy lines would cost more than their part of the time they go below one in 256. */
export class BudgetedSampler extends AdaptiveSampler {
  /** From when a line has come to the adaptive sampler's smallest share. A share of 0: it has not. */
  readonly #strata: Strata;
  readonly #now: () => number;
  #untilLook = LOOK_EVERY;
  #lastLook: number;
  /** log₂ of the share of busy lines. */
  #present = SMALLEST_SHARE;

  constructor(seed: number | null, now: () => number = clock) {
    super(seed);
    this.#strata = new Strata(new Random(seed === null ? null : seed ^ 0x2c1b3c6d));
    this.#now = now;
    this.#lastLook = now();
  }

  override due(site: number): number {
    const strata = this.#strata;
    const own = site < strata.sites ? strata.share[site] : 0;
    if (own === 0) {
      const share = super.due(site);
      // From the end of this stratum on.
      if (share === SMALLEST_SHARE) this.#takeOver(site);
      return share;
    }
    if (--this.#untilLook === 0) this.#look();
    strata.draw(site, this.#present);
    this.left = strata.left[site];
    return own;
  }

  #takeOver(site: number): void {
    const strata = this.#strata;
    strata.reserve(site);
    // What was drawn is drawn anew, from the same stratum's end on.
    strata.draw(site, this.#present, this.left - this.drawn - 1);
    this.left = strata.left[site];
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
}
