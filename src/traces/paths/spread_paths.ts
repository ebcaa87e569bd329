// Browser compatible.
import { callersOf } from "./native_callers.ts";
import type { NativePathTable } from "./native_path_table.ts";
import {
  add,
  FIGURES,
  type Figures,
  newFigures,
  type PathFigures,
  settle,
  type Totals,
} from "./path_figures.ts";
import { EMPTY_PATH } from "./path_table.ts";

/** Rows as they are copied out of a session, or added to it by measuring again. */
export interface PathRows {
  readonly path: ArrayLike<number>;
  readonly site: ArrayLike<number>;
  readonly type: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  readonly live: ArrayLike<number>;
  readonly allocated: ArrayLike<number>;
  /** Alive at the peak; absent where that is not asked for. */
  readonly peak?: ArrayLike<number> | undefined;
  /** By row, all bytes that its blocks were seen to grow by, which count as allocated. */
  readonly grown?: ReadonlyMap<number, number> | undefined;
}

/** Rows that can be added to. */
export type SpreadRows = Record<"path" | "site" | "type" | "size" | "live" | "allocated", number[]> & {
  readonly peak?: number[];
  readonly grown: Map<number, number>;
};

/** Of one site and type. */
interface Group {
  readonly site: number;
  readonly type: number;
  /** All of it, exactly as the line has it. */
  readonly totals: Totals;
  /** By path: estimates, until `settle` makes figures of them that add up to the totals. */
  readonly paths: Map<number, PathFigures>;
  /** Whether each block is in a row of its path. */
  isWhole: boolean;
  readonly rows: number[];
}

/**
 * Makes figures by path of a line's own, which are exact or well known, and of the share of its blocks whose path is known. A block of
 * that share stands for as many as were passed over with it, so that what a path is given is an unbiased estimate; and it is scaled so
 * that the paths of a line, and of a type, add up to what the line has. What no known path holds stays without one.
 *
 * @param strings The type of which more can be alive than was counted: what objects hold when the snapshot is taken.
 */
export function spreadPaths(
  parts: readonly PathRows[],
  { paths, strings }: { paths: NativePathTable; strings: number },
): SpreadRows {
  const hasPeak = parts.some(({ peak }) => peak !== undefined);
  const out: SpreadRows = {
    path: [],
    site: [],
    type: [],
    size: [],
    live: [],
    allocated: [],
    ...(hasPeak ? { peak: [] } : {}),
    grown: new Map(),
  };
  for (const group of groupsOf(parts, paths).values()) {
    if (group.isWhole || isOneBlock(group)) addRows(group, parts, out, paths);
    else addPaths(group, out, group.type !== strings);
  }
  return out;
}

function groupsOf(parts: readonly PathRows[], paths: NativePathTable): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (const [part, rows] of parts.entries()) {
    for (let row = 0; row < rows.site.length; row++) {
      const site = rows.site[row]!;
      const type = rows.type[row]!;
      const key = site * 2 ** 20 + type;
      let group = groups.get(key);
      if (group === undefined) {
        group = { site, type, totals: newFigures(), paths: new Map(), isWhole: true, rows: [] };
        groups.set(key, group);
      }
      group.rows.push(part, row);
      addTo(group, rows, row, paths);
    }
  }
  for (const group of groups.values()) group.isWhole &&= isWhole(group);
  return groups;
}

function addTo(group: Group, rows: PathRows, row: number, paths: NativePathTable): void {
  const share = paths.shareOf(rows.path[row]!);
  const size = rows.size[row]!;
  const counts = { allocated: rows.allocated[row]!, live: rows.live[row]!, peak: rows.peak?.[row] ?? 0 };
  const { totals } = group;
  totals.allocated.bytes += rows.grown?.get(row) ?? 0;
  // Rows of paths do not count anew what was allocated: they say how it came.
  if (share < 0) add(totals.allocated, counts.allocated, size);
  add(totals.live, counts.live, size);
  add(totals.peak, counts.peak, size);
  if (share < 0) {
    // A block of the user's own domain has no line of its own.
    if (group.site !== 0 && (counts.live > 0 || counts.peak > 0)) group.isWhole = false;
    return;
  }
  if (share > 0) group.isWhole = false;
  const path = callersOf(paths, rows.path[row]!, group.site);
  if (path === EMPTY_PATH) {
    // Nobody knows who called: the line's other paths get what it has. A block of the user's own has its row all the same.
    if (group.site !== 0) group.isWhole = false;
    return;
  }
  let figures = group.paths.get(path);
  if (figures === undefined) group.paths.set(path, (figures = { path, ...newFigures() }));
  for (const name of FIGURES) add(figures[name], counts[name] * 2 ** share, size);
}

function isWhole({ site, totals, paths }: Group): boolean {
  if (site === 0 || paths.size === 0) return true;
  let count = 0;
  for (const { allocated } of paths.values()) count += allocated.count;
  return count === totals.allocated.count || totals.allocated.count === 0;
}

/** Whether it is a block alone, of which nobody knows who called. */
function isOneBlock({ paths, totals }: Group): boolean {
  return paths.size === 0 && totals.allocated.count === 0;
}

/** As they are: each block is known, or nothing is known of their paths. */
function addRows(
  { site, rows, paths: known }: Group,
  parts: readonly PathRows[],
  out: SpreadRows,
  paths: NativePathTable,
): void {
  for (let i = 0; i < rows.length; i += 2) {
    const part = parts[rows[i]!]!;
    const row = rows[i + 1]!;
    const own = part.path[row]!;
    const path = own === EMPTY_PATH ? own : callersOf(paths, own, site);
    const size = part.size[row]!;
    const isCounted = own !== EMPTY_PATH || known.size === 0;
    const allocated = isCounted ? part.allocated[row]! : 0;
    const live = part.live[row]!;
    const peak = part.peak?.[row] ?? 0;
    const grown = part.grown?.get(row) ?? 0;
    if (allocated === 0 && live === 0 && peak === 0 && grown === 0) continue;
    if (grown > 0) out.grown.set(out.site.length, grown);
    push(out, { path, site, type: part.type[row]!, size }, { live, peak, allocated });
  }
}

function addPaths(group: Group, out: SpreadRows, isBounded: boolean): void {
  const { site, type, totals } = group;
  const paths = [...group.paths.values()];
  settle(paths, totals, isBounded);
  for (const { path, allocated, live, peak } of paths) {
    const place = { path, site, type };
    for (const [count, size] of bySize(allocated))
      push(out, { ...place, size }, { live: 0, peak: 0, allocated: count });
    for (const [count, size] of bySize(live))
      push(out, { ...place, size }, { live: count, peak: 0, allocated: 0 });
    for (const [count, size] of out.peak === undefined ? [] : bySize(peak))
      push(out, { ...place, size }, { live: 0, peak: count, allocated: 0 });
  }
}

/** Blocks of whole bytes: of two sizes where the mean is none. */
function bySize({ count, bytes }: Figures): [count: number, size: number][] {
  if (!(count > 0)) return [];
  const size = Math.floor(bytes / count);
  const larger = bytes - count * size;
  const isWhole = Number.isInteger(count);
  const more = Math.min(count, isWhole ? Math.round(larger) : larger);
  const parts: [number, number][] = [
    [count - more, size],
    [more, size + 1],
  ];
  return parts.filter(([part]) => part > 0);
}

function push(
  out: SpreadRows,
  place: { path: number; site: number; type: number; size: number },
  figures: { live: number; peak: number; allocated: number },
): void {
  out.path.push(place.path);
  out.site.push(place.site);
  out.type.push(place.type);
  out.size.push(place.size);
  out.live.push(figures.live);
  out.allocated.push(figures.allocated);
  out.peak?.push(figures.peak);
}
