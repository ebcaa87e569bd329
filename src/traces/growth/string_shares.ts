// Browser compatible.
import { OwnFloat64Array, SafeMap } from "../../tables/safe_collections.ts";
import type { Watched } from "./growth.ts";

const { round } = Math;

/** So many objects that stand for themselves alone say how a line's objects share strings. */
const ENOUGH = 16;

/** Of a line's objects that stand for themselves alone: how many characters they hold, and in bytes the strings that nobody before them held. */
interface Line {
  objects: number;
  held: number;
  fresh: number;
}

/**
 * Which part of the strings that objects hold they alone hold. Where one of two objects is looked at, a string that both hold seems to be
 * the one's own, and would be counted for the other as well: of such lines those objects tell that were all looked at, the first.
 */
export class StringShares {
  readonly #lines = new SafeMap<number, Line>();
  /** Of objects that stand for others: their lines, and the characters that they hold. */
  readonly #sites: Float64Array;
  readonly #held: Float64Array;
  #count = 0;

  constructor(objects: number) {
    this.#sites = new OwnFloat64Array(objects);
    this.#held = new OwnFloat64Array(objects);
  }

  /**
   * Each object, in the order in which they are looked at.
   *
   * @param held Characters of all strings that it holds.
   * @param fresh Bytes of those that were not known.
   */
  note({ site, weight }: Watched, held: number, fresh: number): void {
    const at = this.#count++;
    if (weight !== 1) {
      this.#sites[at] = site;
      this.#held[at] = held;
      return;
    }
    this.#sites[at] = -1;
    let line = this.#lines.get(site);
    if (line === undefined) this.#lines.set(site, (line = { objects: 0, held: 0, fresh: 0 }));
    line.objects++;
    line.held += held;
    line.fresh += fresh;
  }

  /** Gives those that stand for others what is theirs of what they hold. */
  spread(strings: Float64Array): void {
    for (let i = 0; i < this.#count; i++) {
      if (this.#held[i] === 0) continue;
      const line = this.#lines.get(this.#sites[i]);
      if (line === undefined || line.objects < ENOUGH || line.held === 0) continue;
      strings[i] = round((line.fresh / line.held) * this.#held[i]);
    }
  }
}
