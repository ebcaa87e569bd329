// Browser compatible.
// Exact mode where the heap can be searched.

import { marksForAll, StampMarks } from "../following/marks_for_all.ts";
import { ExactBlocks } from "../liveness/exact_blocks.ts";
import { canFindUnwatchedTokens } from "../liveness/token_walk.ts";
import { ExactSampler } from "../sampling/exact_sampler.ts";
import { AdaptiveSampler, type Sampler } from "../sampling/sampler.ts";
import type { Mode } from "./session.ts";

/**
 * Follows as many as adaptive mode does, where those that are not followed can be found in the heap; else all. Whether they
 * can is asked when a line has more than are followed anyway.
 */
class WalkedSampler implements Sampler {
  readonly #some: AdaptiveSampler;
  #followsAll = false;
  left = 1;

  constructor(seed: number | null) {
    this.#some = new AdaptiveSampler(seed);
  }

  due(site: number): number {
    if (this.#followsAll) return 0;
    const decision = this.#some.due(site);
    this.left = this.#some.left;
    if (this.left > 1 && !canFindUnwatchedTokens()) {
      this.#followsAll = true;
      this.left = 1;
    }
    return decision;
  }

  decide(site: number): number {
    return this.due(site);
  }

  weight(decision: number): number {
    return 1 << decision;
  }
}

/** Every object counts for itself. */
export function exactMode(seed: number | null): Mode {
  const marks = marksForAll();
  if (!(marks instanceof StampMarks)) return { sampler: new ExactSampler(), marks };
  return { sampler: new WalkedSampler(seed), marks, newBlocks: (firstId) => new ExactBlocks(firstId, seed) };
}
