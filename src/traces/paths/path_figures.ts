// Browser compatible.
import { inWholeUnits } from "../sampling/weight_units.ts";
import { EMPTY_PATH } from "./path_table.ts";

// Figures of the paths of one line and type: estimates, made such that they add up to what the line has.

/** Blocks and bytes. */
export interface Figures {
  count: number;
  bytes: number;
}

/** Of one path. */
export interface PathFigures {
  readonly path: number;
  readonly allocated: Figures;
  readonly live: Figures;
  readonly peak: Figures;
}

export type Figure = "allocated" | "live" | "peak";
export const FIGURES: readonly Figure[] = ["allocated", "live", "peak"];

/** Of a line. */
export type Totals = Record<Figure, Figures>;

/**
 * Makes figures of the estimates that add up to the totals.
 *
 * @param isBounded Whether no more can be alive than was allocated.
 */
export function settle(paths: PathFigures[], totals: Totals, isBounded: boolean): void {
  if (isBounded) boundTotals(totals);
  for (const name of FIGURES) scale(paths, name, totals[name]);
  if (isBounded) for (const name of ["live", "peak"] as const) bound(paths, name);
  addUnknown(paths, totals, isBounded);
}

/** None. */
export function newFigures(): Totals {
  const none = (): Figures => ({ count: 0, bytes: 0 });
  return { allocated: none(), live: none(), peak: none() };
}

/** Adds so many blocks of a size. */
export function add(to: Figures, count: number, size: number): void {
  to.count += count;
  to.bytes += count * size;
}

/** Blocks that are followed stand for others, so that a line may seem to have more alive than it made. */
function boundTotals(totals: Totals): void {
  for (const name of ["live", "peak"] as const) {
    const own = totals[name];
    if (own.count <= totals.allocated.count) continue;
    own.bytes *= totals.allocated.count / own.count;
    own.count = totals.allocated.count;
  }
}

/** What is alive, and nothing is known of its paths. It has been allocated, too: what other paths have of that beyond what lives. */
function addUnknown(paths: PathFigures[], totals: Totals, isBounded: boolean): void {
  const rest: PathFigures = { path: EMPTY_PATH, ...newFigures() };
  for (const name of FIGURES) {
    const { count, bytes } = totals[name];
    rest[name].count = count;
    rest[name].bytes = bytes;
    for (const figures of paths) {
      rest[name].count -= figures[name].count;
      rest[name].bytes -= figures[name].bytes;
    }
  }
  const wanted = Math.max(rest.live.count, rest.peak.count) - rest.allocated.count;
  if (isBounded && wanted > 0) take(paths, wanted, rest.allocated);
  if (FIGURES.some((name) => rest[name].count > 0)) paths.push(rest);
}

/** Moves so many of what was allocated, and is not said to be alive, from the paths. */
function take(paths: readonly PathFigures[], wanted: number, to: Figures): void {
  const room = paths.map(({ allocated, live, peak }) => allocated.count - Math.max(live.count, peak.count));
  apportion(wanted, room, (i, taken) => {
    const { allocated } = paths[i]!;
    const bytes = (allocated.bytes * taken) / allocated.count;
    allocated.count -= taken;
    allocated.bytes -= bytes;
    to.count += taken;
    to.bytes += bytes;
  });
}

/**
 * Gives to each in proportion to the room that it has, in whole blocks; what rounding leaves over goes to the first that have room.
 *
 * @param room Below 0: none.
 */
function apportion(amount: number, room: number[], give: (index: number, part: number) => void): void {
  let all = 0;
  for (const each of room) all += Math.max(0, each);
  if (all === 0) return;
  const share = Math.min(1, amount / all);
  let left = amount;
  for (const part of [share, 1]) {
    for (const [i, free] of room.entries()) {
      const given = Math.min(free, part === 1 ? free : Math.round(free * part), left);
      if (!(given > 0)) continue;
      room[i]! -= given;
      left -= given;
      give(i, given);
    }
  }
}

/** Gives the paths what the line has, in proportion to their estimates: whole blocks where it has whole ones. */
function scale(paths: readonly PathFigures[], name: Figure, total: Figures): void {
  let estimated = 0;
  for (const figures of paths) estimated += figures[name].count;
  const round = Number.isInteger(total.count) ? Math.round : inWholeUnits;
  let [soFar, given, bytes] = [0, 0, 0];
  for (const figures of paths) {
    const own = figures[name];
    const size = own.count > 0 ? own.bytes / own.count : 0;
    soFar += own.count;
    own.count = estimated > 0 ? round((total.count * soFar) / estimated) - given : 0;
    own.bytes = own.count * size;
    given += own.count;
    bytes += own.bytes;
  }
  if (bytes !== total.bytes && given !== 0) addBytes(paths, name, total.bytes - bytes);
}

/**
 * What the line's bytes are beyond the estimates goes to the paths by their blocks: in proportion to their bytes, a path whose blocks
 * are large would be estimated too low, as it makes the sum of estimates what it is.
 */
function addBytes(paths: readonly PathFigures[], name: Figure, missing: number): void {
  let [blocks, total, positive] = [0, missing, 0];
  for (const figures of paths) blocks += figures[name].count;
  for (const figures of paths) {
    const own = figures[name];
    total += own.bytes;
    own.bytes = Math.max(0, own.bytes + (missing * own.count) / blocks);
    positive += own.bytes;
  }
  let [soFar, given] = [0, 0];
  for (const figures of paths) {
    const own = figures[name];
    soFar += own.bytes;
    own.bytes = (positive > 0 ? Math.round((total * soFar) / positive) : 0) - given;
    given += own.bytes;
  }
}

/** Takes from paths what is said to be alive beyond what they allocated, and gives it to those that have room. */
function bound(paths: readonly PathFigures[], name: "live" | "peak"): void {
  let excess = 0;
  let excessBytes = 0;
  for (const figures of paths) {
    const own = figures[name];
    const over = own.count - figures.allocated.count;
    if (!(over > 0 && figures.allocated.count >= 0)) continue;
    const bytes = (own.bytes * over) / own.count;
    excess += over;
    excessBytes += bytes;
    own.count -= over;
    own.bytes -= bytes;
  }
  if (excess === 0) return;
  const room = paths.map((figures) => figures.allocated.count - figures[name].count);
  apportion(excess, room, (i, given) => {
    const own = paths[i]![name];
    const bytes = (excessBytes * given) / excess;
    own.count += given;
    own.bytes += bytes;
    excess -= given;
    excessBytes -= bytes;
  });
}
