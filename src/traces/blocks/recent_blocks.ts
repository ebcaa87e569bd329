// Browser compatible.

import { imul } from "../../tables/own_math.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { BlockTable } from "./block_table.ts";

/** A power of two: 80 KB, which stay in the cache. */
const ENTRIES = 4096;
/** Path, site, type, size, and the row + 1; 0: free. */
const CELLS = 5;

/** Rows that were wanted lately: a look into one place. */
class RecentRows {
  readonly #cells = new OwnInt32Array(ENTRIES * CELLS);
  /** Cells. */
  readonly length: number = ENTRIES * CELLS;

  /** The row, or -1: it is not among them. */
  get(path: number, site: number, type: number, size: number): number {
    const cells = this.#cells;
    const at = placeOf(path, site, type, size);
    const isIt =
      cells[at] === path && cells[at + 1] === site && cells[at + 2] === type && cells[at + 3] === size;
    return isIt ? cells[at + 4] - 1 : -1;
  }

  /** Puts one in the place of another. */
  keep(path: number, site: number, type: number, size: number, row: number): void {
    if ((size | 0) !== size) return;
    const cells = this.#cells;
    const at = placeOf(path, site, type, size);
    cells[at] = path;
    cells[at + 1] = site;
    cells[at + 2] = type;
    cells[at + 3] = size;
    cells[at + 4] = row + 1;
  }
}

/** Looks among those that were wanted lately first: 8 to 11 ns, where the three tables take 25 to 30. */
export class RecentBlocks extends BlockTable {
  readonly #recent = new RecentRows();

  override get parts(): BlockTable["parts"] {
    return [...super.parts, this.#recent];
  }

  override row(path: number, site: number, type: number, size: number): number {
    const known = this.#recent.get(path, site, type, size);
    if (known !== -1) return known;
    const row = super.row(path, site, type, size);
    this.#recent.keep(path, site, type, size, row);
    return row;
  }
}

function placeOf(path: number, site: number, type: number, size: number): number {
  const mixed = imul(path, 0x9e3779b1) ^ imul(site, 0x85ebca6b) ^ imul(size, 0xc2b2ae35);
  return CELLS * ((mixed ^ imul(type, 0x27d4eb2f)) >>> 20);
}
