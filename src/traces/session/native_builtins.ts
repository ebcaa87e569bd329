// Browser compatible.
import { imul } from "../../tables/own_math.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { isProxy } from "../../track/objects/is_proxy.ts";
import { sizes } from "../../track/sizes/size.ts";
import { DOMAIN_HEAP, DOMAIN_STRING } from "../../vocabulary/domains.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import {
  CELL_LEFT,
  CELL_PATH,
  CELL_PREPAID,
  CELL_ROW,
  CELL_UNIFORM_RUN,
  CELLS_PER_SITE,
  UNIFORM_AFTER,
} from "../blocks/cell_fields.ts";
import { EMPTY_PATH } from "../paths/path_table.ts";
import type { Session } from "./session.ts";
import { SessionBuiltins } from "./session_builtins.ts";

/** A power of two; three numbers each. */
const ENTRIES = 2048;
/** Sizes that a key has room for. */
const MOST_BYTES = 2 ** 29;

const { isArray } = Array;
const { getPrototypeOf } = Object;
const ArrayPrototype: object = Array.prototype;

/**
 * Where lines count by themselves: strings and plain arrays, most of what built-in functions give, take a look into one table here, which
 * has the rows that were wanted lately. Whatever the sampler wants to be asked about goes the long way, and so does all else.
 */
export class NativeBuiltins extends SessionBuiltins {
  readonly #session: Session;
  /** Site, size and whether it is a string, row. */
  readonly #recent = new OwnInt32Array(3 * ENTRIES);
  /** Whose rows these are. */
  #blocks: BlockTable;

  constructor(session: Session) {
    super(session);
    this.#session = session;
    this.#blocks = session.blocks;
  }

  override builtinResult(value: unknown, path: number, site: number): void {
    if (path === EMPTY_PATH && site > 0) {
      if (typeof value === "string") {
        if (value.length > 1) this.countText(site, sizes.flatString(value.length));
        return;
      }
      if (this.#countsUniform(site, value) || this.countsArray(site, value)) return;
    }
    super.builtinResult(value, path, site);
  }

  /** Counts a plain array of any length, where the sampler need not be asked about it; gives whether it did. */
  countsArray(site: number, value: unknown): boolean {
    if (!this.#mayCount(site)) return false;
    const run = this.#session.rows.cells[site * CELLS_PER_SITE + CELL_UNIFORM_RUN];
    if (run < 0 || run >= UNIFORM_AFTER - 1 || !isPlainArray(value)) return false;
    this.#countArray(site, sizes.array(value.length));
    return true;
  }

  /** The same of what is like all others of its line: as `Session.recordMaybe` has it. */
  #countsUniform(site: number, value: unknown): boolean {
    const { cells } = this.#session.rows;
    const at = site * CELLS_PER_SITE;
    if (!this.#mayCount(site) || cells[at + CELL_UNIFORM_RUN] < UNIFORM_AFTER) return false;
    if (!this.#isOther(value) || cells[at + CELL_PATH] !== EMPTY_PATH + 1) return false;
    this.#countOne(at, cells[at + CELL_ROW]);
    return true;
  }

  #mayCount(site: number): boolean {
    const { cells } = this.#session.rows;
    const at = site * CELLS_PER_SITE;
    // Of a site without cells, these are undefined.
    return cells[at + CELL_LEFT] > 1 && cells[at + CELL_PREPAID] === 0;
  }

  /** Counts a string of so many bytes. */
  countText(site: number, size: number): void {
    const { blocks, natives, rows, ticker } = this.#session;
    const row = this.#row(blocks, site, size, 1);
    blocks.count(row);
    ticker?.passed(1, size);
    natives!.text(rows, site, row);
  }

  /** An object that is none which its line is about to report. */
  #isOther(value: unknown): boolean {
    const isObject = typeof value === "function" || (typeof value === "object" && value !== null);
    return isObject && value !== this.#session.expected.constructed;
  }

  /** As `SiteRows.measured` would, for an array that is not followed. */
  #countArray(site: number, size: number): void {
    const { blocks, rows } = this.#session;
    const { cells } = rows;
    const at = site * CELLS_PER_SITE;
    const row = this.#row(blocks, site, size, 0);
    cells[at + CELL_UNIFORM_RUN] = cells[at + CELL_ROW] === row ? cells[at + CELL_UNIFORM_RUN] + 1 : 0;
    rows.remember(site, EMPTY_PATH, row);
    this.#countOne(at, row);
  }

  #countOne(at: number, row: number): void {
    const { blocks, rows } = this.#session;
    rows.cells[at + CELL_LEFT]--;
    blocks.count(row);
  }

  #row(blocks: BlockTable, site: number, size: number, isText: number): number {
    const recent = this.#recent;
    if (blocks !== this.#blocks) {
      this.#blocks = blocks;
      for (let i = 0; i < 3 * ENTRIES; i += 3) recent[i] = 0;
    }
    const key = size < MOST_BYTES ? 2 * size + isText : -1;
    const at = 3 * ((imul(site, 0x9e3779b1) ^ imul(key, 0x85ebca6b)) >>> 21);
    if (recent[at] === site && recent[at + 1] === key && key >= 0) return recent[at + 2];
    const type = isText === 1 ? blocks.typeOf("string", DOMAIN_STRING) : blocks.typeOf("Array", DOMAIN_HEAP);
    const row = blocks.row(EMPTY_PATH, site, type, size);
    recent[at] = site;
    recent[at + 1] = key;
    recent[at + 2] = row;
    return row;
  }
}

function isPlainArray(value: unknown): value is unknown[] {
  return isArray(value) && !isProxy(value) && getPrototypeOf(value) === ArrayPrototype;
}
