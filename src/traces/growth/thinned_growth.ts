// Browser compatible.

import type { Random } from "../../tables/random.ts";
import { append, emptyArray, SafeMap, SafeWeakMap } from "../../tables/safe_collections.ts";
import { quietly } from "../../track/calls/quietly.ts";
import { FIRST_WATCHED, type Growth, type thinning, type Watched } from "./growth.ts";

const { max, min } = Math;

/** Objects from one look at how quickly WeakRefs come to the next: what a program makes at once is watched as it is. */
const PACE_STEP = 2 ** 18;

/** So many WeakRefs, and all but each line's first, before it matters how quickly they come. */
const WATCHED_AT_ONCE = 8192;

/** What is remembered of a growth that has much to watch. */
interface ThinningState {
  /** By site: of how many that the sampler wants one is watched, where that is not all. */
  readonly thinned: Map<number, number>;
  /** Of how many that would get a WeakRef one does, while they come too quickly. */
  scarcity: number;
  /** How many more may get one until they come too quickly. */
  spare: number;
  /** How many objects had been allocated when that was last looked at. */
  lookedAt: number;
}

const states = new SafeWeakMap<Growth, ThinningState>();

function thinningOf(growth: Growth): ThinningState {
  let state = states.get(growth);
  if (state === undefined) {
    state = { thinned: new SafeMap(), scarcity: 1, spare: WATCHED_AT_ONCE, lookedAt: 0 };
    states.set(growth, state);
  }
  return state;
}

/** What is to be done for a growth that has much to watch. */
export const thinnedGrowth: typeof thinning = {
  makeRoom: (growth) => quietly(() => prune(growth)),
  share,
};

/**
 * V8's scavenger takes what a WeakRef leads to for alive: one object of a document in a few milliseconds keeps whole
 * documents from dying young (marked: 4.4 MB of 26 survived each scavenge). So after the first, it is one for each 2¹⁸ objects, which is
 * about one a scavenge. (By objects and not by time: a seed makes a run repeatable.)
 */
function share(growth: Growth, site: number, isFirst: boolean): number {
  const state = thinningOf(growth);
  const ofSite = state.thinned.get(site) ?? 1;
  if (isFirst) return ofSite;
  if (growth.allocated - state.lookedAt >= PACE_STEP) pace(state, growth.allocated);
  const stands = ofSite * state.scarcity;
  // One of so many will be watched.
  state.spare -= 1 / stands;
  return stands;
}

function pace(state: ThinningState, allocated: number): void {
  state.spare = min(state.spare + (allocated - state.lookedAt) / PACE_STEP, WATCHED_AT_ONCE);
  state.lookedAt = allocated;
  if (state.spare < 0) {
    state.scarcity = min(state.scarcity * 2, 2 ** 20);
    state.spare = 0;
  } else if (state.spare >= 2 && state.scarcity > 1) {
    state.scarcity /= 2;
    state.spare = 0;
  }
}

/** Forgets what is gone; where too many are left, keeps a part. */
function prune(growth: Growth): void {
  let alive = growth.watched.filter((each) => each?.ref.deref() !== undefined) as Watched[];
  if (alive.length > growth.most * 0.75) alive = thin(growth, alive);
  const wanted = min(max(FIRST_WATCHED, alive.length * 2), growth.most);
  // With more lines than may be watched, there is nothing to thin.
  const watched = emptyArray<Watched>(max(wanted, alive.length + FIRST_WATCHED / 4));
  for (let i = 0; i < alive.length; i++) watched[i] = alive[i];
  growth.watched = watched;
  growth.count = alive.length;
}

/** Halves what is watched of the sites with most, until what is left is half of what may be. */
function thin(growth: Growth, watched: Watched[]): Watched[] {
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
  const { thinned } = thinningOf(growth);
  let kept = 0;
  for (let i = 0, start = 0; i < ends.length; start = ends[i++]) {
    let share = 1;
    while ((ends[i] - start) / share > cap) share *= 2;
    const { site } = watched[start];
    if (share > 1) thinned.set(site, (thinned.get(site) ?? 1) * share);
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
    if (numbers[i] > share) return max(1, share);
    left -= numbers[i];
  }
  return Number.POSITIVE_INFINITY;
}
