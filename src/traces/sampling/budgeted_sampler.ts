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
/** Of the time that passes, so much may go into following objects of lines at the smallest share, and as much into those of the others. */
const BUDGET = 0.0025;
/** The first second, in ms, is free: to know each line well is worth it. */
const FREE = 1000;
/** What may be spent at once, in ms, after a while in which less was: bursts are followed as well as ever. */
const MOST_CREDIT = 10;
/** The same for lines that are no busy ones: 57,000 objects, so that a program of some seconds and fifty lines is known exactly. */
const MOST_CREDIT_OF_OTHERS = 40;
/** Where so many times as many could be followed, twice as many are: more than 2, so that a program with a constant rate finds a share to stay at. */
const MOST_SPARE = 2.5;
/** So many followed objects between two looks at the clock. */
const LOOK_EVERY = 512;
/** As the numbers of a line are halved, it keeps so many of its first objects, and half as many of each share. */
const FEWEST = 12;

/** Tells whether what is followed is more than may be. */
class Pace {
  readonly #now: () => number;
  readonly #start: number;
  #left = LOOK_EVERY;
  #last: number;
  readonly #mostCredit: number;
  #credit: number;

  constructor(now: () => number, mostCredit: number) {
    this.#now = now;
    this.#credit = this.#mostCredit = mostCredit;
    this.#start = this.#last = now();
  }

  /** One more is followed. Gives 1 where that is too much, −1 where there could be `MOST_SPARE` times as many and more, else 0. */
  step(): number {
    if (--this.#left > 0) return 0;
    this.#left = LOOK_EVERY;
    const now = this.#now();
    const passed = now - this.#last;
    this.#last = now;
    const spent = LOOK_EVERY * COST;
    const due = passed * BUDGET;
    const credit = min(this.#credit + due, this.#mostCredit) - spent;
    // What was spent beyond all credit is not asked back.
    this.#credit = max(credit, 0);
    if (now - this.#start < FREE) return 0;
    if (due > MOST_SPARE * spent) return -1;
    return credit < 0 ? 1 : 0;
  }
}

/**
 * As the adaptive sampler, but where following would cost more than its part of the time fewer are followed: busy lines go below one in
 * 256, and after the first second the others come to one in 256 by fewer of their objects.
 */
export class BudgetedSampler extends AdaptiveSampler {
  /** From when a line has come to the adaptive sampler's smallest share. A share of 0: it has not. */
  readonly #strata: Strata;
  readonly #busy: Pace;
  readonly #others: Pace;
  /** log₂ of the share of busy lines. */
  #present = SMALLEST_SHARE;
  /** How often the numbers of the other lines are halved at present, besides what is for good. */
  #halved = 0;

  constructor(seed: number | null, now: () => number = clock) {
    super(seed);
    this.#strata = new Strata(new Random(seed === null ? null : seed ^ 0x2c1b3c6d));
    this.#busy = new Pace(now, MOST_CREDIT);
    this.#others = new Pace(now, MOST_CREDIT_OF_OTHERS);
  }

  override due(site: number): number {
    const strata = this.#strata;
    const own = site < strata.sites ? strata.share[site] : 0;
    if (own === 0) {
      const more = this.#others.step();
      if (more > 0 && this.first > FEWEST) this.#halve(1);
      else if (more < 0 && this.#halved > 0) this.#halve(-1);
      const share = super.due(site);
      // From the end of this stratum on.
      if (share === SMALLEST_SHARE) this.#takeOver(site);
      return share;
    }
    const more = this.#busy.step();
    if (more !== 0) this.#present = max(SMALLEST_SHARE, min(this.#present + more, LEAST_SHARE));
    strata.draw(site, this.#present);
    this.left = strata.left[site];
    return own;
  }

  #halve(times: 1 | -1): void {
    this.#halved += times;
    this.first /= 2 ** times;
    this.perShare /= 2 ** times;
  }

  #takeOver(site: number): void {
    const strata = this.#strata;
    strata.reserve(site);
    // What was drawn is drawn anew, from the same stratum's end on.
    strata.draw(site, this.#present, this.left - this.drawn - 1);
    this.left = strata.left[site];
  }
}
