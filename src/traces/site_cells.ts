// Browser compatible.
import { OwnInt32Array } from "../sites/safe_collections.ts";

// What a session keeps of each site, side by side: an allocation touches one or two cache lines. Constants, not an object:
// bundlers put the numbers in their places.

/** Bytes of a block where the site alone tells, or one of the marks below. */
export const CELL_SIZE = 0;
/** The path of the last block, + 1; 0: none yet. */
export const CELL_PATH = 1;
/** Its row. */
export const CELL_ROW = 2;
/** Blocks up to and including the next one that the sampler is asked about. */
export const CELL_LEFT = 3;
/** How many of the last blocks were of one type and size. */
export const CELL_ALIKE = 4;
/** The type and size that the site is steady in, + 1. */
export const CELL_VARIANT = 5;
/** How many were lent to the site: see `lent` of `file_tracker.ts`. */
export const CELL_LENT = 6;
/** A power of two: 32 bytes a site. */
export const CELLS_PER_SITE = 8;

/** `CELL_SIZE`: not looked up yet. */
export const UNKNOWN = 0;
/** `CELL_SIZE`: has to be asked of the object. */
export const MEASURED: number = -1;
/** `CELL_SIZE`, added: closures hang on the literal. */
export const WITH_MEMBERS: number = 1 << 30;

/** `CELL_ALIKE`: from here on a sampled site's blocks are taken to be like the last one, but for those followed. */
export const STEADY = 512;

/** A growing array of cells. */
export class SiteCells {
  cells: Int32Array = new OwnInt32Array(1024 * CELLS_PER_SITE);
  /** Sites that have cells. */
  length = 1024;

  /** Has room for sites below `limit`. */
  reserve(limit: number): void {
    if (limit <= this.length) return;
    this.length = Math.max(limit, this.length * 2);
    const grown = new OwnInt32Array(this.length * CELLS_PER_SITE);
    grown.set(this.cells);
    this.cells = grown;
  }

  remember(site: number, path: number, row: number): void {
    const at = site * CELLS_PER_SITE;
    this.cells[at + CELL_PATH] = path + 1;
    this.cells[at + CELL_ROW] = row;
  }

  /** Whether the site may be taken for steady: in one type and size only, as rows by path are kept for one. */
  becomesSteady(site: number, variant: number): boolean {
    const at = site * CELLS_PER_SITE + CELL_VARIANT;
    if (this.cells[at] === 0) this.cells[at] = variant + 1;
    return this.cells[at] === variant + 1;
  }

  /** The rows are gone. */
  forgetRows(): void {
    for (let site = 0; site < this.length; site++) {
      const at = site * CELLS_PER_SITE;
      this.cells[at + CELL_PATH] = 0;
      this.cells[at + CELL_ALIKE] = Math.min(this.cells[at + CELL_ALIKE], 0);
      this.cells[at + CELL_VARIANT] = 0;
    }
  }
}
