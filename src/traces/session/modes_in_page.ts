// Browser compatible.
// Takes the place of `modes.ts` in what bundlers make for pages ("browser" of package.json): these cannot search the heap,
// and their engine is of this year.

import { marksForAll } from "../following/marks_for_all.ts";
import { ByteSampler } from "../sampling/byte_sampler.ts";
import { ExactSampler } from "../sampling/exact_sampler.ts";
import { AdaptiveSampler } from "../sampling/sampler.ts";
import type { Mode } from "./session.ts";

/** What `start` was told to sample. */
export function modeFor(sampling: "exact" | "adaptive" | number, seed: number | null): Mode {
  if (sampling === "exact") return { sampler: new ExactSampler(), marks: marksForAll() };
  return { sampler: sampling === "adaptive" ? new AdaptiveSampler(seed) : new ByteSampler(sampling, seed) };
}
