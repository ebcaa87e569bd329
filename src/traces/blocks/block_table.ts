// Browser compatible.

import { ensureStack } from "../../host/ensure_stack.ts";
import { FloatColumn, IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { RecentPairs } from "../../tables/recent_pairs.ts";
import { append, SafeMap } from "../../tables/safe_collections.ts";
import type { Ages } from "../following/ages.ts";
import type { LabelShares } from "../following/label_shares.ts";
import type { CountBatch } from "./count_batch.ts";

/** Of objects that are marked, and that no registry watches. */
export interface ExactFigures {
  /** How many are alive, as far as is known. */
  unwatched(): number;
  /**
   * Finds out which are alive. On Node that is done when it returns, on Deno later.
   *
   * @param done Called in the end.
   */
  settle(done: () => void): void;
}

/** What is known of containers that have grown (`grown.ts`). */
export interface GrownFigures {
  /** By row, bytes beyond those at allocation that are alive; rows that came later are missing. */
  readonly beyond: ArrayLike<number>;
  /** By row, all bytes that its blocks were ever seen to grow by. */
  readonly ever: ReadonlyMap<number, number>;
  /** Before blocks of a row go. */
  forget(row: number, blocks: number): void;
}

/**
 * Counts per block class: all blocks of one path, site, type, domain and size are one row. There is no record per
 * object; what a finalizer holds is a row's number.
 *
 * Numbers go on counting from one table to the next (`firstId`), so that a finalizer or a stamp that is left over from
 * before `clearTraces()` names no row of this table.
 */
export class BlockTable {
  readonly firstId: number;
  /** What exact mode's table has besides (`exact_blocks.ts`). No methods: a page does without. */
  declare readonly exact?: ExactFigures;
  /** What it has to count many at once that are followed each for itself. */
  declare readonly batch?: CountBatch;
  /** Bytes alive now, and the most there were. The former may be a little below 0, by rounding or by what is estimated. */
  current = 0;
  peak = 0;
  #copiedPeak = 0;
  /** See `liveAtPeak`. */
  peakLive: Float64Array | null = null;
  /** Undefined: nobody has looked. */
  declare grown?: GrownFigures;
  /** When some of the blocks were made; undefined in pages. */
  declare ages?: Ages;
  /** Which labels some of the blocks have; undefined where no labels are used. */
  declare labels?: LabelShares;
  readonly path: IntColumn = new IntColumn();
  readonly site: IntColumn = new IntColumn();
  /** Index into `types`. */
  readonly type: IntColumn = new IntColumn();
  readonly size: FloatColumn = new FloatColumn();
  readonly live: FloatColumn = new FloatColumn();
  readonly allocated: FloatColumn = new FloatColumn();
  readonly types: { readonly name: string; readonly domain: number }[] = [];
  #lastName = "";
  #lastDomain = -1;
  #lastType = -1;
  readonly #typeIndex = new SafeMap<number, SafeMap<string, number>>();
  /** (path, site) → the row of blocks whose type and size the site alone gives. */
  readonly #plain = new IntPairMap();
  readonly #recent = new RecentPairs();
  /** (path, site) → a number for the pair, (pair, variant) → row: where type and size differ from block to block. */
  readonly #pairs = new IntPairMap();
  readonly #rows = new IntPairMap();
  /** (type, size) → variant. */
  readonly #variants = new IntPairMap();
  /** Sizes that are no 32-bit integers, as negative numbers. */
  readonly #oddSizes = new SafeMap<number, number>();

  constructor(firstId: number) {
    this.firstId = firstId;
  }

  /** The id that the next row will get. */
  get nextId(): number {
    return this.firstId + this.site.length;
  }

  /** All tables. */
  get parts(): (IntColumn | FloatColumn | IntPairMap | { readonly length: number })[] {
    return [
      this.path,
      this.site,
      this.type,
      this.size,
      this.live,
      this.allocated,
      this.#plain,
      this.#recent,
      this.#pairs,
      this.#rows,
      this.#variants,
    ];
  }

  /** The row for blocks that their site describes, or -1: not seen by this path yet. */
  plainRow(path: number, site: number): number {
    const recent = this.#recent.get(path, site);
    if (recent !== -1) return recent;
    const row = this.#plain.get(path, site);
    if (row !== -1) this.#recent.keep(path, site, row);
    return row;
  }

  setPlainRow(path: number, site: number, row: number): void {
    this.#plain.set(path, site, row);
  }

  /** A number for a type and size. */
  variantOf(type: number, size: number): number {
    const sizeKey = (size | 0) === size ? size : this.#oddSize(size);
    let variant = this.#variants.get(type, sizeKey);
    if (variant === -1) this.#variants.set(type, sizeKey, (variant = this.#variants.size));
    return variant;
  }

  /** The row for blocks of a type and size that had to be asked of the object. */
  row(path: number, site: number, type: number, size: number): number {
    let pair = this.#pairs.get(path, site);
    if (pair === -1) this.#pairs.set(path, site, (pair = this.#pairs.size));
    const variant = this.variantOf(type, size);
    let row = this.#rows.get(pair, variant);
    if (row === -1) this.#rows.set(pair, variant, (row = this.add(path, site, type, size)));
    return row;
  }

  /** The number of a type. */
  typeOf(name: string, domain: number): number {
    // Most objects are of the type of the one before.
    if (name === this.#lastName && domain === this.#lastDomain) return this.#lastType;
    let names = this.#typeIndex.get(domain);
    if (names === undefined) this.#typeIndex.set(domain, (names = new SafeMap()));
    let index = names.get(name);
    if (index === undefined) {
      index = append(this.types, { name, domain }) - 1;
      names.set(name, index);
    }
    this.#lastName = name;
    this.#lastDomain = domain;
    this.#lastType = index;
    return index;
  }

  /** So many more blocks were allocated. */
  count(row: number, blocks: number = 1): void {
    this.allocated.add(row, blocks);
  }

  /** One more was allocated that no registry watches. */
  countOnly(row: number): void {
    this.count(row);
  }

  /** So many blocks are alive: one that is followed, and those it stands for. Gives how many count for it. */
  follow(row: number, weight: number): number {
    this.live.add(row, weight);
    this.current += this.size.at(row) * weight;
    if (this.current > this.peak) this.peak = this.current;
    return weight;
  }

  /** A followed block is gone. */
  free(row: number, weight: number): void {
    const PEAK_STEP = 1.01;
    if (this.current === this.peak && this.peak > this.#copiedPeak * PEAK_STEP) this.#copyPeak();
    this.grown?.forget(row, weight);
    this.live.add(row, -weight);
    this.current -= this.size.at(row) * weight;
  }

  /** Before rows are read: exact mode has deaths that have no row yet. For a point of the timeline, some may be left. */
  placeDeaths(_isForPoint?: boolean): void {}

  /** Takes the current size for the peak. */
  resetPeak(): void {
    this.peak = this.current;
    this.#copiedPeak = 0;
    this.peakLive = null;
  }

  /**
   * The blocks that were alive at the peak, by row; rows that came later are missing at its end. The size goes down only
   * when something is freed, so the column is copied then, before the first block goes, and only where the peak has
   * risen by 1 % since the last copy: what is given is that close to the peak, for few copies.
   */
  liveAtPeak(): Float64Array {
    this.placeDeaths();
    if (this.peakLive === null || this.current > this.#copiedPeak) return this.live.copy();
    return this.peakLive;
  }

  #copyPeak(): void {
    this.placeDeaths();
    this.#copiedPeak = this.peak;
    this.peakLive = this.live.copy();
  }

  #oddSize(size: number): number {
    let key = this.#oddSizes.get(size);
    if (key === undefined) this.#oddSizes.set(size, (key = -1 - this.#oddSizes.size));
    return key;
  }

  /** All columns grow by one, or none does: near its end, the stack could overflow in between. */
  add(path: number, site: number, type: number, size: number): number {
    ensureStack();
    this.path.push(path);
    this.type.push(type);
    this.size.push(size);
    this.live.push(0);
    this.allocated.push(0);
    return this.site.push(site) - 1;
  }
}
