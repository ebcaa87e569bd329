// Browser compatible.
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import type { BlockTable } from "../../traces/blocks/block_table.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";

/** What a look at the heap has found beyond what blocks are taken for: bytes for each block of a path, site and type, in columns. */
export interface MadeSizes {
  /** Null: of whatever path. */
  readonly path: ArrayLike<number> | null;
  readonly site: ArrayLike<number>;
  readonly type: ArrayLike<number>;
  /** Less than 0: blocks take less. */
  readonly bytes: ArrayLike<number>;
  /** Of strings that each holds, where its line has no rows for strings yet. */
  readonly texts: ArrayLike<number>;
  /** How many blocks fewer there were than those that are followed stood for; less than 0: there were more. */
  readonly fewer: ArrayLike<number>;
  /** Of how many. */
  readonly of: ArrayLike<number>;
  /** The type of such rows. */
  readonly stringType: number;
}

const found = new SafeWeakMap<BlockTable, MadeTable>();

/** Has snapshots of these blocks count what a look at the heap has found (`src/heap/look_for_made.ts`). */
export function setMade(blocks: BlockTable, sizes: MadeSizes): void {
  found.set(blocks, new MadeTable(sizes));
}

/**
 * Rows of a snapshot with what was made for their blocks: these move to rows of their whole size. Whatever becomes of them, so much was
 * allocated.
 */
export function withMade(parts: readonly PathRows[], blocks: BlockTable): readonly PathRows[] {
  const made = found.get(blocks);
  return made === undefined ? parts : made.movedAll(parts);
}

class MadeTable {
  readonly #sizes: MadeSizes;
  /** (path, site) → a number for the pair; (pair, type) → entry. */
  readonly #places = new IntPairMap();
  readonly #entries = new IntPairMap();

  constructor(sizes: MadeSizes) {
    this.#sizes = sizes;
    const { path, site, type, bytes } = sizes;
    for (let i = 0; i < bytes.length; i++) {
      const from = path === null ? 0 : path[i];
      let place = this.#places.get(from, site[i]);
      if (place === -1) this.#places.set(from, site[i], (place = this.#places.size));
      if (this.#entries.get(place, type[i]) === -1) this.#entries.set(place, type[i], i);
    }
  }

  /** -1: nothing was found for these. */
  #entryOf(path: number, site: number, type: number): number {
    const place = this.#places.get(this.#sizes.path === null ? 0 : path, site);
    return place === -1 ? -1 : this.#entries.get(place, type);
  }

  movedAll(parts: readonly PathRows[]): PathRows[] {
    const counted = new CorrectedCounts(this.#sizes);
    for (const { path, site, type, live } of parts)
      for (let row = 0; row < live.length; row++)
        if (live[row] > 0) counted.note(this.#entryOf(path[row], site[row], type[row]), live[row]);
    return parts.flatMap((rows) => this.#moved(rows, counted));
  }

  #moved(rows: PathRows, counted: CorrectedCounts): PathRows[] {
    const { path, site, type, size } = rows;
    const added = { path: [], site: [], type: [], size: [], live: [], allocated: [] } as AddedRows;
    const addedPeak: number[] = [];
    const live = Float64Array.from(rows.live);
    const peak = rows.peak && Float64Array.from(rows.peak);
    const grown = new Map(rows.grown);
    /** So many blocks, of which some have a byte more than others, so that all of them have their sum. */
    const add = (row: number, as: { type: number; size: number }, counts: Counts): void => {
      if (!(counts.live > 0 || counts.peak > 0)) return;
      added.path.push(path[row]);
      added.site.push(site[row]);
      added.type.push(as.type);
      added.size.push(as.size);
      added.live.push(counts.live);
      added.allocated.push(0);
      addedPeak.push(counts.peak);
    };
    const addAll = (row: number, as: { type: number; size: number }, counts: Counts): void => {
      const less = Math.floor(as.size);
      const larger = {
        live: Math.round((as.size - less) * counts.live),
        peak: Math.round((as.size - less) * counts.peak),
      };
      add(row, { ...as, size: less + 1 }, larger);
      add(row, { ...as, size: less }, { live: counts.live - larger.live, peak: counts.peak - larger.peak });
    };
    for (let row = 0; row < size.length; row++) {
      const counts: Counts = { live: live[row], peak: peak?.[row] ?? 0 };
      if (!(counts.live > 0 || counts.peak > 0)) continue;
      const entry = this.#entryOf(path[row], site[row], type[row]);
      if (entry === -1) continue;
      live[row] = counts.live = counted.correct(entry, live[row]);
      const texts = this.#sizes.texts[entry];
      if (texts > 0) addAll(row, { type: this.#sizes.stringType, size: texts }, counts);
      const bytes = Math.max(this.#sizes.bytes[entry], -size[row]);
      if (bytes === 0) continue;
      addAll(row, { type: type[row], size: size[row] + bytes }, counts);
      // What blocks turn out to take less than was thought has been allocated all the same: rows may have no others to take it off.
      if (bytes > 0)
        grown.set(row, (grown.get(row) ?? 0) + Math.round(bytes * Math.max(counts.live, counts.peak)));
      live[row] = 0;
      if (peak) peak[row] = 0;
    }
    if (added.size.length === 0) return [{ ...rows, live }];
    return [
      { ...rows, live, peak, grown },
      { ...added, peak: peak && addedPeak },
    ];
  }
}

/** What is alive, as the look has found it: the counts from those that are followed have errors of chance. */
class CorrectedCounts {
  readonly #sizes: MadeSizes;
  readonly #live: Float64Array;
  /** By entry, what was rounded off up to now. */
  readonly #rest: Float64Array;

  constructor(sizes: MadeSizes) {
    this.#sizes = sizes;
    this.#live = new Float64Array(sizes.bytes.length);
    this.#rest = new Float64Array(sizes.bytes.length);
  }

  note(entry: number, live: number): void {
    if (entry !== -1) this.#live[entry] += live;
  }

  /** Blocks that have come since the look are as many as they are; of those that were there then, the same share has gone. */
  correct(entry: number, live: number): number {
    const fewer = this.#sizes.fewer[entry];
    if (fewer === 0 || !(live > 0)) return live;
    const share = Math.max(0, 1 - fewer / Math.max(this.#live[entry], this.#sizes.of[entry]));
    const exact = live * share + this.#rest[entry];
    const counted = Number.isInteger(live) ? Math.max(0, Math.round(exact)) : Math.max(0, exact);
    this.#rest[entry] = exact - counted;
    return counted;
  }
}

interface Counts {
  live: number;
  readonly peak: number;
}

type AddedRows = Record<Exclude<keyof PathRows, "peak" | "grown">, number[]>;
