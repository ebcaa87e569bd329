// Browser compatible.

import { copyInto } from "../../tables/copy_into.ts";
import { max, min } from "../../tables/own_math.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { sitesAround } from "../../track/calls/file_registry.ts";
import type { Shape } from "../../track/objects/shape.ts";
import { staticSize } from "../../track/sizes/size.ts";
import { DOMAIN_HEAP } from "../../vocabulary/domains.ts";
import { KIND_ARRAY, KIND_CLASS, KIND_CLOSURE, KIND_REGEXP } from "../../vocabulary/kind_numbers.ts";
import type { BlockTable } from "./block_table.ts";
import {
  CELL_PATH,
  CELL_ROW,
  CELL_SIZE,
  CELL_UNIFORM_RUN,
  CELL_VARIANT,
  CELLS_PER_SITE,
  MEASURED,
  UNIFORM_AFTER,
  WITH_MEMBERS,
} from "./cell_fields.ts";

/** Of the kinds that are not measured; the others are "Object". */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  [KIND_ARRAY]: "Array",
  [KIND_CLOSURE]: "closure",
  [KIND_CLASS]: "class",
  [KIND_REGEXP]: "RegExp",
};

/** In which row a site's next block is counted: what is known of its last one spares most the search. */
export class SiteRows {
  cells: Int32Array = new OwnInt32Array(1024 * CELLS_PER_SITE);
  /** Sites that have cells. */
  length = 1024;
  blocks: BlockTable;

  constructor(blocks: BlockTable) {
    this.blocks = blocks;
  }

  /** The former rows are gone. */
  restart(blocks: BlockTable): void {
    const { cells } = this;
    this.blocks = blocks;
    for (let site = 0; site < this.length; site++) {
      const at = site * CELLS_PER_SITE;
      cells[at + CELL_PATH] = 0;
      cells[at + CELL_UNIFORM_RUN] = min(cells[at + CELL_UNIFORM_RUN], 0);
      cells[at + CELL_VARIANT] = 0;
    }
  }

  /** The row of a site that needs one alone for a path: its kind tells the size, or it is uniform. -1: none for this path yet. */
  known(path: number, site: number): number {
    const { cells } = this;
    const at = site * CELLS_PER_SITE;
    return cells[at + CELL_PATH] === path + 1 ? cells[at + CELL_ROW] : this.blocks.plainRow(path, site);
  }

  /** Notes the path and row of a site's last block. */
  remember(site: number, path: number, row: number): void {
    const at = site * CELLS_PER_SITE;
    this.cells[at + CELL_PATH] = path + 1;
    this.cells[at + CELL_ROW] = row;
  }

  /** The same; adds the row if there is none. */
  row(site: number, path: number, size: number): number {
    const { blocks } = this;
    let row = this.known(path, site);
    if (row === -1) {
      const known = this.cells[site * CELLS_PER_SITE + CELL_ROW];
      row =
        size === MEASURED
          ? blocks.row(path, site, blocks.type.at(known), blocks.size.at(known))
          : blocks.add(path, site, this.#typeOf(site), size & ~WITH_MEMBERS);
      blocks.setPlainRow(path, site, row);
    }
    // `fresh` must not leave the members out.
    if (size === MEASURED || (size & WITH_MEMBERS) === 0) this.remember(site, path, row);
    return row;
  }

  /**
   * The row of an object that has to be measured. Where only some are followed, the others are no longer measured once a
   * site has given 512 of one type and size: that takes 70 ns for an instance, and those of a class are mostly the same.
   */
  measured(value: object, path: number, site: number, shape: Shape): number {
    const { blocks, cells } = this;
    const at = site * CELLS_PER_SITE;
    const type = blocks.typeOf(shape.type, DOMAIN_HEAP);
    const size = shape.measure(value);
    const last = cells[at + CELL_ROW];
    if (cells[at + CELL_PATH] === 0 || blocks.type.at(last) !== type || blocks.size.at(last) !== size) {
      // Below zero, it stays so: the site gives old objects (`Session`).
      cells[at + CELL_UNIFORM_RUN] = min(cells[at + CELL_UNIFORM_RUN], 0);
    } else {
      cells[at + CELL_UNIFORM_RUN]++;
      if (cells[at + CELL_UNIFORM_RUN] === UNIFORM_AFTER) {
        // In one type and size only, as rows by path are kept for one.
        const variant = blocks.variantOf(type, size) + 1;
        cells[at + CELL_VARIANT] ||= variant;
        if (cells[at + CELL_VARIANT] !== variant) cells[at + CELL_UNIFORM_RUN] = 0;
      }
      if (cells[at + CELL_PATH] === path + 1) return last;
    }
    const row = blocks.row(path, site, type, size);
    this.remember(site, path, row);
    return row;
  }

  /** Bytes of a site's blocks, or one of the marks of `cell_fields.ts`. Afterwards the site has its cells. */
  sizeOf(site: number): number {
    // 0: not looked up yet; none at all: beyond the cells.
    return this.cells[site * CELLS_PER_SITE + CELL_SIZE] || this.#lookUp(site);
  }

  #typeOf(site: number): number {
    const { base, sites } = sitesAround(site);
    return this.blocks.typeOf(TYPE_NAMES[sites.kind[site - base]] ?? "Object", DOMAIN_HEAP);
  }

  /** The site alone: of a bundle's 100,000 few are ever reached, and memory that nobody writes to is none. */
  #lookUp(site: number): number {
    const { base, sites } = sitesAround(site);
    const limit = base + sites.count;
    if (limit > this.length) {
      const filled = this.length * CELLS_PER_SITE;
      this.length = max(limit, this.length * 2);
      this.cells = copyInto(new OwnInt32Array(this.length * CELLS_PER_SITE), this.cells, filled);
    }
    const i = site - base;
    const size = staticSize(sites.kind[i], sites.parameter[i]);
    const flag = sites.memberClosures.has(i) ? WITH_MEMBERS : 0;
    const found = size === 0 ? MEASURED : size | flag;
    this.cells[site * CELLS_PER_SITE + CELL_SIZE] = found;
    return found;
  }
}
