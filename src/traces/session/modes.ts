// Browser compatible.
// In pages, `modes_in_page.ts` takes its place ("browser" of package.json).

import { RecentBlocks } from "../blocks/recent_blocks.ts";
import { marksForSome } from "../following/marks_for_some.ts";
import { MoreBlocks } from "../following/more_blocks.ts";
import { BudgetedSampler } from "../sampling/budgeted_sampler.ts";
import { Countdown } from "../sampling/countdown.ts";
import { exactMode } from "./exact_mode.ts";
import type { Mode } from "./session.ts";

/** What `start` was told to sample. */
export function modeFor(sampling: "exact" | "adaptive" | number, seed: number | null): Mode {
  const more = new MoreBlocks();
  if (sampling === "exact") return { ...exactMode(seed), more };
  return {
    more,
    sampler: sampling === "adaptive" ? new BudgetedSampler(seed) : new Countdown(sampling, seed),
    marks: marksForSome(),
    newBlocks: (firstId) => new RecentBlocks(firstId),
  };
}
