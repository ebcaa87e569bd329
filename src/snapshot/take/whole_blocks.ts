// Browser compatible.
import { IntPairMap } from "../../tables/int_pair_map.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";

const { isInteger } = Number;

/**
 * Gives each row a whole number of blocks, as statistics, reports and dumps have them. Samples stand for fractions of blocks as well, and
 * a line often has one of each size and path: where each row is rounded by itself, all of a line may be rounded up (8.5 → 9). So
 * they are rounded in the order of their sums: what the blocks of a line and type come to is right to half a block, as is any run of them.
 *
 * What is alive and what has died are rounded, and what was allocated is their sum: no more is alive than was allocated.
 */
export function wholeBlocks(parts: readonly PathRows[]): readonly PathRows[] {
  if (parts.every(isWhole)) return parts;
  const groups = new IntPairMap();
  const live = new RunningSums();
  const dead = new RunningSums();
  const peak = new RunningSums();
  return parts.map((rows) => {
    const count = rows.size.length;
    const whole = { live: new Float64Array(count), allocated: new Float64Array(count) };
    const wholePeak = rows.peak && new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const group = groupOf(groups, rows.site[row], rows.type[row]);
      whole.live[row] = live.next(group, rows.live[row]);
      whole.allocated[row] = whole.live[row] + dead.next(group, rows.allocated[row] - rows.live[row]);
      if (wholePeak) wholePeak[row] = peak.next(group, rows.peak![row]);
    }
    return { ...rows, ...whole, peak: wholePeak };
  });
}

function isWhole({ live, allocated, peak }: PathRows): boolean {
  for (let row = 0; row < live.length; row++)
    if (!isInteger(live[row]) || !isInteger(allocated[row]) || (peak && !isInteger(peak[row]))) return false;
  return true;
}

function groupOf(groups: IntPairMap, site: number, type: number): number {
  let group = groups.get(site, type);
  if (group === -1) groups.set(site, type, (group = groups.size));
  return group;
}

/** By group, a sum of numbers, and what has been given for them. */
class RunningSums {
  readonly #sums: number[] = [];
  readonly #given: number[] = [];

  /** Adds a number to the group's. Gives the whole one by which the rounded sum grows. */
  next(group: number, value: number): number {
    const sum = (this.#sums[group] ?? 0) + value;
    const given = this.#given[group] ?? 0;
    this.#sums[group] = sum;
    this.#given[group] = Math.round(sum);
    return this.#given[group] - given;
  }
}
