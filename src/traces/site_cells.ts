// Browser compatible.
import { OwnInt32Array } from "../sites/safe_collections.ts";

/** What a session keeps of each site, side by side: an allocation touches one or two cache lines. */
export const Cell = {
  /** Bytes of a block where the site alone tells, or one of the marks below. */
  size: 0,
  /** The path of the last block, + 1; 0: none yet. */
  path: 1,
  /** Its row. */
  row: 2,
  /** Blocks up to and including the next one that the sampler is asked about. */
  left: 3,
  /** How many of the last blocks were of one type and size. */
  alike: 4,
  /** The type and size that the site is steady in, + 1. */
  variant: 5,
  /** How many were lent to the site: see `lent` of `file_tracker.ts`. */
  lent: 6,
} as const;

/** A power of two: 32 bytes a site. */
export const CELLS_PER_SITE = 8;

/** `Cell.size`: not looked up yet. */
export const UNKNOWN = 0;
/** `Cell.size`: has to be asked of the object. */
export const MEASURED: number = -1;
/** `Cell.size`, added: closures hang on the literal. */
export const WITH_MEMBERS: number = 1 << 30;

/** `Cell.alike`: from here on a sampled site's blocks are taken to be like the last one, but for those followed. */
export const STEADY = 512;

/** A growing array of cells. */
export class SiteCells {
  cells: Int32Array = new OwnInt32Array(1024 * CELLS_PER_SITE);
  #sites = 1024;

  /** Sites that have cells. */
  get length(): number {
    return this.#sites;
  }

  /** Bytes, with what `lent` takes. */
  get memory(): number {
    return this.cells.byteLength + 4 * this.#sites;
  }

  /** Has room for sites below `limit`. */
  reserve(limit: number): void {
    if (limit <= this.#sites) return;
    this.#sites = Math.max(limit, this.#sites * 2);
    const grown = new OwnInt32Array(this.#sites * CELLS_PER_SITE);
    grown.set(this.cells);
    this.cells = grown;
  }

  remember(site: number, path: number, row: number): void {
    const at = site * CELLS_PER_SITE;
    this.cells[at + Cell.path] = path + 1;
    this.cells[at + Cell.row] = row;
  }

  /** Whether the site may be taken for steady: in one type and size only, as rows by path are kept for one. */
  becomesSteady(site: number, variant: number): boolean {
    const at = site * CELLS_PER_SITE + Cell.variant;
    if (this.cells[at] === 0) this.cells[at] = variant + 1;
    return this.cells[at] === variant + 1;
  }

  /** The rows are gone. */
  forgetRows(): void {
    for (let site = 0; site < this.#sites; site++) {
      const at = site * CELLS_PER_SITE;
      this.cells[at + Cell.path] = 0;
      this.cells[at + Cell.alike] = Math.min(this.cells[at + Cell.alike], 0);
      this.cells[at + Cell.variant] = 0;
    }
  }
}
