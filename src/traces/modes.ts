// Browser compatible.
import { ByteSampler } from "./byte_sampler.ts";
import { ExactBlocks } from "./exact_blocks.ts";
import { MapMarks } from "./marks.ts";
import { marksForAll, StampMarks } from "./marks_for_all.ts";
import { AdaptiveSampler, type Sampler } from "./sampler.ts";
import type { Mode } from "./session.ts";
import { canFindLooseTokens } from "./token_walk.ts";

/** Every object is followed, for itself. */
export class ExactSampler implements Sampler {
  readonly left = 1;

  due(): number {
    return 0;
  }

  decide(): number {
    return 0;
  }

  weight(): number {
    return 1;
  }
}

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
    if (this.left > 1 && !canFindLooseTokens()) {
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

/** What `start` was told to sample. */
export function modeFor(sampling: "exact" | "adaptive" | number, seed: number | null): Mode {
  if (sampling === "exact") {
    const marks = marksForAll();
    if (!(marks instanceof StampMarks)) return { sampler: new ExactSampler(), marks };
    return { sampler: new WalkedSampler(seed), marks, newBlocks: (firstId) => new ExactBlocks(firstId) };
  }
  return {
    sampler: sampling === "adaptive" ? new AdaptiveSampler(seed) : new ByteSampler(sampling, seed),
    marks: new MapMarks(),
  };
}
