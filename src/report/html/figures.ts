// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import { FIGURES, type FigureColumns } from "./model.ts";

const PER_SNAPSHOT = FIGURES.length;

/** Columns of sums, one per figure; `FIGURES` for the snapshot, and again for the old one. */
export type Figures = readonly Float64Array[];

/** Columns of zeros. */
export function newFigures(length: number, columns: number): Figures {
  return Array.from({ length: columns }, () => new Float64Array(length));
}

/** Adds up the rows of a snapshot: those of its columns that begin at `first`. */
export function addRows(
  figures: Figures,
  { blocks }: SnapshotColumns,
  { to, first }: { to: Int32Array; first: number },
): void {
  const [aliveBytes, aliveBlocks, peakBytes, peakBlocks, allocatedBytes, allocatedBlocks] =
    figures.slice(first);
  const { size, count, allocatedSize, allocatedCount, peakCount } = blocks;
  for (let row = 0; row < to.length; row++) {
    const at = to[row];
    // Estimates are rounded row by row, as the statistics do: the totals agree.
    const alive = Math.round(count[row]);
    aliveBytes[at] += size[row] * alive;
    aliveBlocks[at] += alive;
    allocatedBytes[at] += allocatedSize[row];
    allocatedBlocks[at] += allocatedCount[row];
    if (peakCount === undefined) continue;
    const then = Math.round(peakCount[row]);
    peakBytes[at] += size[row] * then;
    peakBlocks[at] += then;
  }
}

/** What was allocated and is gone. Containers that have grown hold more than was allocated: nothing of them is gone. */
export function fillFreed(figures: Figures): void {
  for (let first = 0; first < figures.length; first += PER_SNAPSHOT) {
    for (const unit of [0, 1]) {
      const alive = figures[first + unit];
      const allocated = figures[first + 4 + unit];
      const freed = figures[first + 6 + unit];
      for (let i = 0; i < freed.length; i++) freed[i] = Math.max(0, allocated[i] - alive[i]);
    }
  }
}

/** Adds up rows under the numbers that they have in `of`; those with -1 are left out. */
export function sumsBy(figures: Figures, of: Int32Array, length: number): Figures {
  const sums = newFigures(length, figures.length);
  for (let column = 0; column < figures.length; column++) {
    const [from, to] = [figures[column], sums[column]];
    for (let row = 0; row < of.length; row++) if (of[row] !== -1) to[of[row]] += from[row];
  }
  return sums;
}

export function sumsOf(figures: Figures): number[] {
  return figures.map((column) => {
    let sum = 0;
    // Columns of a million rows: a function called for each would take five times as long.
    for (let row = 0; row < column.length; row++) sum += column[row];
    return Math.round(sum);
  });
}

/** The rows `kept`, as they stand in the report. */
export function figureColumns(figures: Figures, kept: Int32Array): FigureColumns {
  return figures.map((column) => {
    const values = Array.from(kept, (row) => Math.round(column[row]));
    return values.every((value) => value === 0) ? null : values;
  });
}
