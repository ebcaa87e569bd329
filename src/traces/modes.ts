// Browser compatible.
import { ByteSampler } from "./byte_sampler.ts";
import { exactMode } from "./exact_mode.ts";
import { MapMarks } from "./marks.ts";
import { AdaptiveSampler } from "./sampler.ts";
import type { Mode } from "./session.ts";

/** What `start` was told to sample. */
export function modeFor(sampling: "exact" | "adaptive" | number, seed: number | null): Mode {
  if (sampling === "exact") return exactMode(seed);
  return {
    sampler: sampling === "adaptive" ? new AdaptiveSampler(seed) : new ByteSampler(sampling, seed),
    marks: new MapMarks(),
  };
}
