// Browser compatible.

import { max } from "../../tables/own_math.ts";
import { Random } from "../../tables/random.ts";
import { OwnFloat64Array } from "../../tables/safe_collections.ts";
import type { Sampler } from "./sampler.ts";
import { inWholeUnits } from "./weight_units.ts";

const { clz32, expm1, log } = Math;

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
 */
export class Countdown implements Sampler {
  /** Bytes until the next event. */
  left: number;
  readonly #interval: number;
  readonly #random: Random;
  readonly #weights: Float64Array = new OwnFloat64Array(LARGEST + 1);

  /** @param interval Mean bytes between samples, 1 or more. */
  constructor(interval: number, seed: number | null) {
    this.#interval = interval;
    this.#random = new Random(seed);
    for (let step = 0; step <= LARGEST; step++)
      this.#weights[step] = inWholeUnits(1 / -expm1(-(2 ** step) / interval));
    this.left = this.#draw();
  }

  /** Counts a block down; gives whether it is sampled. */
  isDue(step: number): boolean {
    if ((this.left -= 2 ** step) > 0) return false;
    this.restart();
    return true;
  }

  /** An event has come. The distance to the next one has no memory: what was left over is forgotten. */
  restart(): void {
    this.left = this.#draw();
  }

  weight(step: number): number {
    return this.#weights[step];
  }

  due(_site: number, size: number): number {
    return this.decide(_site, size);
  }

  decide(_site: number, size: number): number {
    const step = stepFor(size);
    return this.isDue(step) ? step : -1;
  }

  #draw(): number {
    // Of a number in (0, 1].
    return -log((this.#random.next() + 1) / 2 ** 32) * this.#interval;
  }
}
