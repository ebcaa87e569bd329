// Browser compatible.
import { append } from "../sites/safe_collections.ts";
import type { Growth, Watched } from "./growth.ts";
import type { Random } from "./random.ts";

/** Halves what is watched of the sites with most, until what is left is half of what may be. */
export function thin(growth: Growth, watched: Watched[]): Watched[] {
  // Objects of one row stand next to each other then, and one of them for the other.
  watched.sort((a, b) => a.site - b.site || a.row - b.row);
  const ends: number[] = [];
  for (let i = 1; i <= watched.length; i++) {
    if (i === watched.length || watched[i].site !== watched[i - 1].site) append(ends, i);
  }
  const cap = capFor(
    ends.map((end, i) => end - (i === 0 ? 0 : ends[i - 1])),
    growth.most / 2,
  );
  let kept = 0;
  for (let i = 0, start = 0; i < ends.length; start = ends[i++]) {
    let share = 1;
    while ((ends[i] - start) / share > cap) share *= 2;
    const { site } = watched[start];
    if (share > 1) growth.thinned.set(site, (growth.thinned.get(site) ?? 1) * share);
    kept = keepOneOf(share, watched, { random: growth.random, start, end: ends[i], kept });
  }
  watched.length = kept;
  return watched;
}

/**
 * One of each `share` in a range, drawn at random; of a last group of fewer, one as often as there are objects in it. Those
 * that stay move up behind the first `kept`.
 *
 * @returns How many have been kept then.
 */
function keepOneOf(
  share: number,
  watched: Watched[],
  { random, start, end, kept }: { random: Random; start: number; end: number; kept: number },
): number {
  let next = kept;
  for (let group = start; group < end; group += share) {
    const drawn = group + random.below(share);
    if (drawn >= end) continue;
    const each = watched[drawn];
    each.weight *= share;
    watched[next++] = each;
  }
  return next;
}

/** The most of each number, 1 or more, with which all add up to a total. */
function capFor(numbers: number[], total: number): number {
  numbers.sort((a, b) => a - b);
  let left = total;
  for (let i = 0; i < numbers.length; i++) {
    const share = left / (numbers.length - i);
    if (numbers[i] > share) return Math.max(1, share);
    left -= numbers[i];
  }
  return Number.POSITIVE_INFINITY;
}
