// Browser compatible.
import { floor, max, min } from "../../tables/own_math.ts";
import { OwnFloat64Array, OwnInt32Array, SafeMap } from "../../tables/safe_collections.ts";
import { deepContents, deepLook } from "../../track/objects/deep_look.ts";
import { sizeNow } from "../../track/objects/size_now.ts";
import { BlockTable, type GrownFigures } from "../blocks/block_table.ts";
import type { Session } from "../session/session.ts";
import { FunctionGrowth } from "./function_growth.ts";
import type { Watched } from "./growth.ts";
import { measureGrowth } from "./measure_growth.ts";
import { StringShares } from "./string_shares.ts";

const { apply } = Reflect;
const { free } = BlockTable.prototype;

/** What containers had come to take when they were looked at; an entry for each that was watched; 0 stands for what was gone. */
export interface Look {
  readonly rows: ArrayLike<number>;
  /** How many of its row each stands for. */
  readonly weights: ArrayLike<number>;
  /** The part of these that may have grown as it has: its line has made no more. Absent: all. */
  readonly portions?: ArrayLike<number>;
  /** Bytes of each. */
  readonly sizes: ArrayLike<number>;
  /** Bytes of the strings that each holds; null: nobody has asked. */
  readonly strings: ArrayLike<number> | null;
  /** Beyond those at allocation, all together. */
  readonly bytes: number;
}

const NOTHING: Look = { rows: [], weights: [], sizes: [], strings: null, bytes: 0 };

/** What containers have grown to, as far as somebody has looked. It is part of the table's current size and of its peak. */
class Grown implements GrownFigures {
  readonly #blocks: BlockTable;
  look: Look = NOTHING;
  #atPeak: Look = NOTHING;
  #peakLive: Float64Array | null = null;
  beyond: Float64Array = new OwnFloat64Array(0);
  #inAll = 0;
  /** By row, all bytes that its blocks were ever seen to grow by. */
  readonly ever: Map<number, number> = new SafeMap<number, number>();

  constructor(blocks: BlockTable) {
    this.#blocks = blocks;
  }

  /** What was known at the peak. */
  get atPeak(): Look {
    this.#seePeak();
    const { peakLive } = this.#blocks;
    return peakLive !== null && this.#blocks.liveAtPeak() === peakLive ? this.#atPeak : this.look;
  }

  /** Where the peak has been copied since somebody looked, the last look is what was known then. */
  #seePeak(): void {
    const { peakLive } = this.#blocks;
    if (peakLive === this.#peakLive) return;
    this.#peakLive = peakLive;
    this.#atPeak = this.look;
  }

  forget(row: number, blocks: number): void {
    const grown = this.beyond[row];
    if (grown === undefined || grown === 0) return;
    const live = this.#blocks.live.at(row);
    const share = blocks < live ? floor((grown * blocks) / live) : grown;
    this.beyond[row] -= share;
    this.#inAll -= share;
    this.#blocks.current -= share;
  }

  /** Whatever becomes of the container, so much was allocated. */
  note(watched: Watched, size: number, weight: number): void {
    const { row } = watched;
    const more = size - max(this.#blocks.size.at(row), watched.largest ?? 0);
    if (more <= 0) return;
    watched.largest = size;
    this.ever.set(row, (this.ever.get(row) ?? 0) + more * weight);
  }

  /** In the place of what the last look found. */
  set(look: Look, beyond: Float64Array): void {
    const blocks = this.#blocks;
    const change = look.bytes - this.#inAll;
    // Nothing goes: the peak is kept, if it is being left.
    if (change < 0) apply(free, blocks, [0, 0]);
    this.#seePeak();
    this.look = look;
    this.beyond = beyond;
    this.#inAll = look.bytes;
    blocks.current += change;
    blocks.peak = max(blocks.peak, blocks.current);
  }
}

/**
 * Looks at what containers have grown to, and counts it: as alive, at the peak and as allocated.
 *
 * @param isDeep Whether what they hold is looked at, too: strings, and numbers that have a box. That takes time for each.
 */
export function lookAtGrown(session: Session, isDeep: boolean = true): Grown {
  const { blocks } = session;
  const { growth } = session.following;
  blocks.grown ??= new Grown(blocks);
  const grown = blocks.grown as Grown;
  const rows = new OwnInt32Array(growth.count);
  const weights = new OwnFloat64Array(growth.count);
  const portions = session.mostBlocks && new OwnFloat64Array(growth.count);
  const sizes = new OwnFloat64Array(growth.count);
  const strings = isDeep ? new OwnFloat64Array(growth.count) : null;
  const beyond = new OwnFloat64Array(blocks.site.length);
  const look = deepLook();
  const shares = strings === null ? null : new StringShares(growth.count);
  let bytes = 0;
  let count = 0;
  measureGrowth(growth, (watched, object) => {
    const { row, site } = watched;
    const weight = portions ? min(watched.weight, session.mostBlocks!(site)) : watched.weight;
    const sizeThen = blocks.size.at(row);
    let size: number;
    const isGiven = watched.initial.holder === "names";
    if (strings === null) size = sizeNow(object, watched, look.answers);
    else {
      const heldBefore = look.strings.held;
      ({ size, strings: strings[count] } = deepContents(object, watched, look));
      shares!.note(watched, look.strings.held - heldBefore, strings[count]);
    }
    if (isGiven) {
      if (size > 0 && typeof object === "function" && growth instanceof FunctionGrowth)
        growth.foundProperties(watched.site);
      size += sizeThen;
    }
    // 0: nothing is known of it; a buffer of 0 bytes has been transferred.
    if (size === 0 && !watched.isExternal) size = sizeThen;
    rows[count] = row;
    weights[count] = watched.weight;
    if (portions) portions[count] = weight / watched.weight;
    sizes[count++] = size;
    if (size === sizeThen) return;
    const more = (size - sizeThen) * weight;
    beyond[row] += more;
    bytes += more;
    grown.note(watched, size, weight);
  });
  if (growth instanceof FunctionGrowth) growth.forgetPlain();
  shares?.spread(strings!);
  grown.set({ rows, weights, ...(portions && { portions }), sizes, strings, bytes }, beyond);
  return grown;
}
