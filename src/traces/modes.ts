// Browser compatible.
import { ByteSampler } from "./byte_sampler.ts";
import { MapMarks } from "./marks.ts";
import { marksForAll } from "./marks_for_all.ts";
import { AdaptiveSampler, type Sampler } from "./sampler.ts";
import type { Mode } from "./session.ts";

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

/** What `start` was told to sample. */
export function modeFor(sampling: "exact" | "adaptive" | number, seed: number | null): Mode {
  if (sampling === "exact") return { sampler: new ExactSampler(), marks: marksForAll() };
  return {
    sampler: sampling === "adaptive" ? new AdaptiveSampler(seed) : new ByteSampler(sampling, seed),
    marks: new MapMarks(),
  };
}
