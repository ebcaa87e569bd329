// Browser compatible.
import { copyInto } from "../tables/copy_into.ts";
import { max, min } from "../tables/own_math.ts";
import { OwnInt32Array } from "../tables/safe_collections.ts";
import { CELL_ALIKE, CELL_PATH, CELL_ROW, CELL_VARIANT, CELLS_PER_SITE } from "./cell_fields.ts";

/** A growing array of cells. */
export class SiteCells {
  cells: Int32Array = new OwnInt32Array(1024 * CELLS_PER_SITE);
  /** Sites that have cells. */
  length = 1024;

  /** Has room for sites below `limit`. */
  reserve(limit: number): void {
    if (limit <= this.length) return;
    const cells = this.length * CELLS_PER_SITE;
    this.length = max(limit, this.length * 2);
    this.cells = copyInto(new OwnInt32Array(this.length * CELLS_PER_SITE), this.cells, cells);
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
      this.cells[at + CELL_ALIKE] = min(this.cells[at + CELL_ALIKE], 0);
      this.cells[at + CELL_VARIANT] = 0;
    }
  }
}
