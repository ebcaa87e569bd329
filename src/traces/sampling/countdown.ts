// Browser compatible.

import { max } from "../../tables/own_math.ts";
import { Random } from "../../tables/random.ts";
import { OwnFloat64Array } from "../../tables/safe_collections.ts";
import type { Sampler } from "./sampler.ts";
import { inWholeUnits } from "./weight_units.ts";

const { ceil, clz32, expm1, log } = Math;

/** log₂ of the largest step. */
const LARGEST = 30;

/** The step for a block of so many bytes, as its power of two. */
export function stepFor(size: number): number {
  // To the nearest power, but for some that are rounded down: it need not be exact.
  const step = size < 2 ** LARGEST ? 31 - clz32(size * 1.5) : LARGEST;
  return max(step, 4);
}

/**
 * Sampling by bytes, as V8 and Go do it: events lie at random on all bytes that are allocated, one in so many on average. What is counted
 * down for a block is a step that is known before the block is looked at: a power of two near the size that its line's blocks have
 * had. The block is sampled if an event lies within the step, which has the probability 1 − e^(−step/interval), and stands for the inverse of that.
 *
 * Because the step does not depend on the block, counts and bytes are unbiased whatever the size that is found when it is sampled: each block
 * of `size` bytes has its step's probability, and where it is taken gives 1/p blocks and size/p bytes. (Weights from the size that was
 * found would give too few bytes where large blocks hide on a line of small ones.)
 *
 * Events have no memory. So each line may count down its own number of blocks to its own next event: together that is the same
 * as one number of bytes for all of them.
 */
export class Countdown implements Sampler {
  readonly left = 1;
  readonly #interval: number;
  readonly #random: Random;
  /** By step, the probability that an event lies within it. */
  readonly #probabilities: Float64Array = new OwnFloat64Array(LARGEST + 1);
  readonly #weights: Float64Array = new OwnFloat64Array(LARGEST + 1);

  /** @param interval Mean bytes between samples, 1 or more. */
  constructor(interval: number, seed: number | null) {
    this.#interval = interval;
    this.#random = new Random(seed);
    for (let step = 0; step <= LARGEST; step++) {
      this.#probabilities[step] = -expm1(-(2 ** step) / interval);
      this.#weights[step] = this.weightOf(2 ** step);
    }
  }

  /** Bytes up to and including the one that the next event lies on. */
  nextByte(): number {
    // Of a number in (0, 1]: 0 is the event before.
    return max(ceil(-log((this.#random.next() + 1) / 2 ** 32) * this.#interval), 1);
  }

  /** Blocks of a step up to and including the one that the next event lies in. */
  nextBlock(step: number): number {
    return ceil(this.nextByte() / 2 ** step);
  }

  /** Whether a block is sampled that has a smaller step than what it is part of, which is. */
  isChosen(step: number, whole: number): boolean {
    return this.#random.next() / 2 ** 32 < this.#probabilities[step] / this.#probabilities[whole];
  }

  /** How many blocks one that was sampled stands for. */
  weight(step: number): number {
    return this.#weights[step];
  }

  /** The same of one that was counted down by so many bytes. */
  weightOf(bytes: number): number {
    return inWholeUnits(1 / -expm1(-bytes / this.#interval));
  }

  due(_site: number, size: number): number {
    return this.decide(_site, size);
  }

  decide(_site: number, size: number): number {
    const step = stepFor(size);
    return this.nextByte() <= 2 ** step ? step : -1;
  }
}
