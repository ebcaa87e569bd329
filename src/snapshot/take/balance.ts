// Browser compatible.

/** Sweeps over rows and columns; each brings both nearer to what they shall come to. */
const SWEEPS = 12;
/** Of more cells the first guess stands: a snapshot must not take long because a line has thousands of paths and hundreds of labels. */
const MOST_CELLS = 2 ** 20;

/** What a row that comes to nothing is taken for: its shares are asked for all the same. */
const NEXT_TO_NOTHING = 1e-6;

const { max } = Math;

/**
 * Fits a table to sums of its rows and of its columns, by scaling the one and the other in turns (iterative proportional fitting): what is known of
 * how rows and columns go together stays as far as the sums let it.
 *
 * @param cells By row, a first guess of each column; above 0 where there may be something.
 * @param rows What each row comes to.
 * @param shares What each column comes to, as a part of all.
 * @returns By row, the shares of its columns.
 */
export function balance(
  cells: readonly Float64Array[],
  rows: ArrayLike<number>,
  shares: ArrayLike<number>,
): readonly Float64Array[] {
  const columns = shares.length;
  if (cells.length * columns <= MOST_CELLS) {
    let all = 0;
    for (let row = 0; row < rows.length; row++) all += max(rows[row], NEXT_TO_NOTHING);
    const sums = new Float64Array(columns);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      scaleRows(cells, rows);
      sums.fill(0);
      for (const row of cells) for (let i = 0; i < columns; i++) sums[i] += row[i];
      for (const row of cells)
        for (let i = 0; i < columns; i++) if (sums[i] > 0) row[i] *= (shares[i] * all) / sums[i];
    }
  }
  scaleRows(cells, null);
  return cells;
}

/** Has each row come to what it shall; null: to 1. */
function scaleRows(cells: readonly Float64Array[], rows: ArrayLike<number> | null): void {
  cells.forEach((row, at) => {
    const sum = row.reduce((total, value) => total + value, 0);
    if (sum > 0)
      for (let i = 0; i < row.length; i++)
        row[i] *= (rows === null ? 1 : max(rows[at], NEXT_TO_NOTHING)) / sum;
  });
}
