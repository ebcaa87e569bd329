// Browser compatible.
import { prepaid } from "../../track/calls/prepaid.ts";
import { PREPAID_SITES } from "../../track/calls/prepaid_slots.ts";
import {
  CELL_LEFT,
  CELL_PATH,
  CELL_PREPAID,
  CELL_ROW,
  CELL_SIZE,
  CELL_UNIFORM_RUN,
  CELLS_PER_SITE,
  MEASURED,
  UNIFORM_AFTER,
} from "../blocks/cell_fields.ts";
import type { SiteRows } from "../blocks/site_rows.ts";
import type { Ticking } from "../session/ticker.ts";
import type { Sampler } from "./sampler.ts";

/** How many more of a site's blocks need nothing but being counted, until the sampler is asked about one. */
export class SiteBudget {
  readonly #rows: SiteRows;
  readonly #sampler: Sampler;
  readonly #ticking: Ticking;
  readonly #prepays: boolean;

  /** @param prepays Whether sites may count for themselves: with one frame, where not every object is marked. */
  constructor(rows: SiteRows, sampler: Sampler, ticking: Ticking, prepays: boolean) {
    this.#rows = rows;
    this.#sampler = sampler;
    this.#ticking = ticking;
    this.#prepays = prepays;
  }

  /**
   * Lets a site count what comes before the next one that the sampler is asked about, where all are of one type, size and
   * path.
   */
  prepay(site: number, isFresh: boolean | undefined): void {
    if (!this.#prepays || site >= PREPAID_SITES) return;
    const { cells } = this.#rows;
    const at = site * CELLS_PER_SITE;
    if (cells[at + CELL_LEFT] <= 1 || cells[at + CELL_PATH] === 0) return;
    if (!(isFresh && cells[at + CELL_SIZE] !== MEASURED) && cells[at + CELL_UNIFORM_RUN] < UNIFORM_AFTER)
      return;
    cells[at + CELL_PREPAID] = cells[at + CELL_LEFT] - 1;
    prepaid[site] = cells[at + CELL_PREPAID];
    cells[at + CELL_LEFT] = 1;
  }

  /** Before anything else is recorded of a site: the sampler goes on with what is left, and the row may change. */
  takeBack(site: number): void {
    if (!this.#prepays) return;
    const { blocks, cells } = this.#rows;
    const at = site * CELLS_PER_SITE;
    if (!(cells[at + CELL_PREPAID] > 0)) return; // of a site without cells, undefined
    blocks.count(cells[at + CELL_ROW], cells[at + CELL_PREPAID] - prepaid[site]);
    cells[at + CELL_LEFT] += prepaid[site];
    cells[at + CELL_PREPAID] = 0;
    prepaid[site] = 0;
  }

  /** Counts a block, unless the sampler says that it shall be followed. Gives the sampler's decision. */
  decide(site: number, row: number): number {
    this.takeBack(site);
    const { blocks, cells } = this.#rows;
    const left = site * CELLS_PER_SITE + CELL_LEFT;
    if (cells[left] > 1) {
      cells[left]--;
      blocks.countOnly(row);
      return -1;
    }
    const sampler = this.#sampler;
    const size = blocks.size.at(row);
    const decision = sampler.due(site, size);
    cells[left] = sampler.left;
    if (decision < 0) {
      this.#ticking.ticker?.passed(1, size);
      blocks.countOnly(row);
    }
    return decision;
  }
}
