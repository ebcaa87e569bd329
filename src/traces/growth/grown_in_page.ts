// Browser compatible.

// Takes the place of `grown.ts` in what bundlers make for pages: what containers have grown to is known when a snapshot is taken,
// and nothing of it is remembered.
import { SafeSet } from "../../tables/safe_set.ts";
import { contentsOf, type SeenStrings } from "../../track/objects/contents.ts";
import type { Session } from "../session/session.ts";
import type { Look } from "./grown.ts";
import { measureGrowth } from "./measure_growth.ts";

type Known = Omit<Look, "bytes">;

/** What is known: nothing but what is looked at. */
export interface Grown {
  readonly look: Known;
  readonly atPeak: Partial<Known>;
}

/** Looks at what containers have grown to, and at what they hold. */
export function lookAtGrown({ blocks, following }: Session): Grown {
  const rows: number[] = [];
  const weights: number[] = [];
  const sizes: number[] = [];
  const strings: number[] = [];
  const seen: SeenStrings = new SafeSet();
  measureGrowth(following.growth, (watched, object) => {
    const { row, weight, isExternal } = watched;
    const now = contentsOf(object, seen, watched);
    rows.push(row);
    weights.push(weight);
    sizes.push(now.size || isExternal ? now.size : blocks.size.at(row));
    strings.push(now.strings);
  });
  return { look: { rows, weights, sizes, strings }, atPeak: { rows: [] } };
}
