// Browser compatible.
import type { SiteRows } from "../blocks/site_rows.ts";
import { FunctionGrowth } from "../growth/function_growth.ts";
import type { Ticking } from "../session/ticker.ts";
import { Following, type FollowingOptions } from "./following.ts";

/** Follows with a look at what pages do without: what functions are given. */
export class WideFollowing extends Following {
  readonly #growthSeed: number | null;

  constructor(rows: SiteRows, ticking: Ticking, options: FollowingOptions) {
    super(rows, ticking, options);
    this.#growthSeed = options.seed;
    this.growth = new FunctionGrowth(options.seed);
  }

  override restart(): void {
    super.restart();
    // The constructor restarts before there is a seed.
    if (#growthSeed in this) this.growth = new FunctionGrowth(this.#growthSeed);
  }
}
