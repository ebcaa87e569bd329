// Browser compatible.
import { max, min } from "../../tables/own_math.ts";

/**
 * In ms, what a container counts for, unless two looks took longer: a process that had to wait its turn was not busy with it, and one with millions of
 * keys takes a tenth of a second each time.
 */
const USUAL_COST = 0.002;

/**
 * What a look counts for, in ms.
 *
 * @param took What it took, and `before` the one before it.
 * @param containers How many there are to look at.
 */
export function costOfLook(took: number, before: number, containers: number): number {
  return min(took, max(USUAL_COST * (1 + containers), before));
}
