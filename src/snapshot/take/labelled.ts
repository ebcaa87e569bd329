// Browser compatible.
import { processId } from "../../host/built_in_modules.ts";
import { threadNumber } from "../../host/thread.ts";
import type { LabelShare, SharesByPlace } from "../../traces/following/label_shares.ts";
import { labelSets } from "../../traces/labels/labels.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";
import type { BlockColumns, SnapshotColumns } from "../model/columns.ts";
import { balance } from "./balance.ts";

/**
 * Has each row stand for the blocks of one set of labels: a row whose line's blocks have several is split as their shares are. The first
 * rows stay where they are, as marks are numbers of rows.
 *
 * @param parts The rows that the columns were made of, in their order.
 */
export function labelled(
  columns: SnapshotColumns,
  parts: readonly PathRows[],
  shares: SharesByPlace,
): SnapshotColumns {
  const splitter = new Splitter(columns.blocks);
  for (const { site, rows } of rowsBySite(parts)) {
    const ofSite = shares.ofSite(site);
    if (ofSite === undefined) continue;
    const own = rows.map(({ path }) => shares.ofPath(path, site) ?? []);
    const indices = rows.map(({ row }) => row);
    const live = sharesOfRows(own, ofSite, { figure: "live", rows: pick(columns.blocks.count, indices) });
    const allocated = sharesOfRows(own, ofSite, {
      figure: "allocated",
      rows: pick(columns.blocks.allocatedCount, indices),
    });
    indices.forEach((row, at) => {
      splitter.split(
        row,
        ofSite.map(({ set }, i) => ({ set, live: live[at][i], allocated: allocated[at][i] })),
      );
    });
  }
  const pid = String(processId());
  const worker = threadNumber() === 0 ? "" : String(threadNumber());
  return {
    ...columns,
    blocks: splitter.columns(),
    processes: labelSets.sets.map((labels, set) => ({ pid, worker, ...(set !== 0 && { labels }) })),
  };
}

/**
 * Of each row the shares of labels. Of a call path few blocks may be known, or none, where paths are estimates; of the line more are: in all, its rows have
 * the line's own shares.
 */
function sharesOfRows(
  own: readonly (readonly LabelShare[])[],
  ofSite: readonly LabelShare[],
  { figure, rows }: { figure: "live" | "allocated"; rows: readonly number[] },
): readonly Float64Array[] {
  const total = ofSite.reduce((sum, share) => sum + share[figure], 0);
  const shares = ofSite.map((share) => (total > 0 ? share[figure] / total : 1 / ofSite.length));
  const cells = own.map((known) => {
    // One block more, of which nothing but the line is known: no cell is 0 where there may be something.
    const row = Float64Array.from(shares);
    for (const share of known) row[ofSite.findIndex(({ set }) => set === share.set)] += share[figure];
    return row;
  });
  return balance(cells, rows, shares);
}

/** The columns' rows, by line. */
function rowsBySite(
  parts: readonly PathRows[],
): Iterable<{ site: number; rows: { row: number; path: number }[] }> {
  const found = new Map<number, { site: number; rows: { row: number; path: number }[] }>();
  let row = 0;
  for (const { path, site } of parts) {
    for (let i = 0; i < path.length; i++, row++) {
      const known = found.get(site[i]);
      if (known === undefined) found.set(site[i], { site: site[i], rows: [{ row, path: path[i] }] });
      else known.rows.push({ row, path: path[i] });
    }
  }
  return found.values();
}

function pick(column: Float64Array, rows: readonly number[]): number[] {
  return rows.map((row) => column[row]);
}

const FIGURES = ["count", "allocatedCount", "allocatedSize", "peakCount"] as const;
type Figures = Partial<Record<(typeof FIGURES)[number], number>>;

class Splitter {
  readonly #blocks: BlockColumns;
  /** By old row: what stays there. */
  readonly #set: Int32Array;
  readonly #kept: Figures[] = [];
  readonly #added: { row: number; set: number; figures: Figures }[] = [];

  constructor(blocks: BlockColumns) {
    this.#blocks = blocks;
    this.#set = new Int32Array(blocks.count.length);
    for (let row = 0; row < this.#set.length; row++) this.#kept.push(this.#figuresOf(row));
  }

  split(row: number, shares: readonly LabelShare[]): void {
    this.#set[row] = shares[0]?.set ?? 0;
    if (shares.length < 2) return;
    const left = this.#kept[row];
    let live = shares.reduce((sum, share) => sum + share.live, 0);
    let allocated = shares.reduce((sum, share) => sum + share.allocated, 0);
    // Each takes its part of what those before it have left: no block gets lost in rounding. The first, last, has the rest.
    for (const share of shares.slice(1)) {
      const ofLive = live > 0 ? share.live / live : allocated > 0 ? share.allocated / allocated : 0;
      const ofAllocated = allocated > 0 ? share.allocated / allocated : 0;
      live -= share.live;
      allocated -= share.allocated;
      const figures = take(left, { ofLive, ofAllocated });
      if (FIGURES.some((name) => (figures[name] ?? 0) > 0))
        this.#added.push({ row, set: share.set, figures });
    }
  }

  columns(): BlockColumns {
    const old = this.#blocks;
    const rows = this.#added.map(({ row }) => row);
    const longer = <Column extends Int32Array | Float64Array>(column: Column): Column => {
      const result = new (column.constructor as new (length: number) => Column)(column.length + rows.length);
      result.set(column);
      rows.forEach((row, i) => {
        result[column.length + i] = column[row];
      });
      return result;
    };
    const process = longer(this.#set);
    this.#added.forEach(({ set }, i) => {
      process[old.count.length + i] = set;
    });
    const figures = (name: (typeof FIGURES)[number]): Float64Array =>
      Float64Array.from(
        [...this.#kept, ...this.#added.map((each) => each.figures)],
        (each) => each[name] ?? 0,
      );
    return {
      ...{ traceback: longer(old.traceback), type: longer(old.type), domain: longer(old.domain) },
      ...{ size: longer(old.size), process, count: figures("count") },
      allocatedCount: figures("allocatedCount"),
      allocatedSize: figures("allocatedSize"),
      ...(old.peakCount !== undefined && { peakCount: figures("peakCount") }),
    };
  }

  #figuresOf(row: number): Figures {
    const { count, allocatedCount, allocatedSize, peakCount } = this.#blocks;
    return {
      ...{ count: count[row], allocatedCount: allocatedCount[row], allocatedSize: allocatedSize[row] },
      ...(peakCount !== undefined && { peakCount: peakCount[row] }),
    };
  }
}

/** Takes a part of the figures out of them. */
function take(left: Figures, { ofLive, ofAllocated }: { ofLive: number; ofAllocated: number }): Figures {
  const taken: Figures = {};
  for (const name of FIGURES) {
    const value = left[name];
    if (value === undefined) continue;
    const share = name === "count" || name === "peakCount" ? ofLive : ofAllocated;
    taken[name] = Math.min(value, Math.round(value * share));
  }
  // What is alive was allocated.
  if ((left.allocatedCount ?? 0) >= (left.count ?? 0))
    taken.allocatedCount = Math.min(left.allocatedCount!, Math.max(taken.allocatedCount!, taken.count!));
  for (const name of FIGURES) if (left[name] !== undefined) left[name] = left[name]! - taken[name]!;
  return taken;
}
