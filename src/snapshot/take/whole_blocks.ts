// Browser compatible.
import { IntPairMap } from "../../tables/int_pair_map.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";

const { isInteger } = Number;

/**
 * Gives each row a whole number of blocks, as statistics, reports and dumps have them. Samples stand for fractions of blocks as well, and
 * a line often has one of each size and path: where each row is rounded by itself, all of a line may be rounded up (8.5 → 9). So
 * they are rounded in the order of their sums: what the blocks of a line and type come to is right to a block or two, as is any run of them.
 *
 * What is alive and what has died are rounded, and what was allocated is their sum: no more is alive than was allocated. Rows that hold
 * more than they were ever allocated (grown blocks, strings, the living of a path, which has other rows for what it made) are rounded apart from
 * these: nothing has died of them.
 */
export function wholeBlocks(parts: readonly PathRows[]): readonly PathRows[] {
  if (parts.every(isWhole)) return parts;
  const groups = new IntPairMap();
  const live = new RunningSums();
  const others = new RunningSums();
  const peak = new RunningSums();
  return parts.map((rows) => {
    const count = rows.size.length;
    const whole = { live: new Float64Array(count), allocated: new Float64Array(count) };
    const wholePeak = rows.peak && new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const dead = rows.allocated[row] - rows.live[row];
      const group = groupOf(groups, rows.site[row], rows.type[row] * 2 + (dead < 0 ? 1 : 0));
      whole.live[row] = live.next(group, rows.live[row]);
      whole.allocated[row] =
        dead < 0 ? others.next(group, rows.allocated[row]) : whole.live[row] + others.next(group, dead);
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

function groupOf(groups: IntPairMap, site: number, kind: number): number {
  let group = groups.get(site, kind);
  if (group === -1) groups.set(site, kind, (group = groups.size));
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
