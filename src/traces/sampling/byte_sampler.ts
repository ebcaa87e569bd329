// Browser compatible.
import { Random } from "../../tables/random.ts";
import type { Sampler } from "./sampler.ts";
import { inWholeUnits } from "./weight_units.ts";

const { expm1, log } = Math;

/**
 * Poisson sampling by bytes, as V8 and Go do it: on average one in so many bytes is sampled, so that an object of `size`
 * bytes is followed with probability 1 − e^(−size/interval), and then stands for the inverse of that.
 */
export class ByteSampler implements Sampler {
  readonly #random: Random;
  readonly #interval: number;
  #left: number;

  /** @param interval Mean bytes between samples, 1 or more. */
  constructor(interval: number, seed: number | null) {
    this.#interval = interval;
    this.#random = new Random(seed);
    this.#left = this.#draw();
  }

  readonly left = 1;

  due(site: number, size: number): number {
    return this.decide(site, size);
  }

  decide(_site: number, size: number): number {
    this.#left -= size;
    if (this.#left > 0) return -1;
    // The distance to the next sample has no memory: what was left over is forgotten.
    this.#left = this.#draw();
    return 0;
  }

  weight(_decision: number, size: number): number {
    return size === 0 ? 1 : inWholeUnits(1 / -expm1(-size / this.#interval));
  }

  #draw(): number {
    // Of a number in (0, 1].
    return -log((this.#random.next() + 1) / 2 ** 32) * this.#interval;
  }
}
