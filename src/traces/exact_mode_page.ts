// Browser compatible.

// Takes the place of `exact_mode.ts` in what bundlers make for pages: these cannot search the heap.
import { ExactSampler } from "./exact_sampler.ts";
import { marksForAll } from "./marks_for_all.ts";
import type { Mode } from "./session.ts";

/** Every object is followed. */
export function exactMode(_seed: number | null): Mode {
  return { sampler: new ExactSampler(), marks: marksForAll() };
}
