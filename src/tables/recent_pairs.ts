// Browser compatible.
import { copyInto } from "./copy_into.ts";
import { max } from "./own_math.ts";
import { OwnInt32Array } from "./safe_collections.ts";

/**
 * Four entries, each of a second key + 1 (0: free) and a value: half a cache line. Of the 250,000 steps of an iteration of
 * prettier 67,000 were not among two, and 15,000 are not among four; with eight it was no quicker.
 */
const CELLS = 8;

/**
 * For each first key, pairs looked up lately: in front of an `IntPairMap`. Paths that follow each other were numbered one
 * after the other, so that what is kept of them lies side by side, where the map's entries are strewn over the cache.
 */
export class RecentPairs {
  #cells = new OwnInt32Array(256 * CELLS);
  /** Cells: the length of the array, kept here because a program can see it being read from a typed array. */
  length: number = 256 * CELLS;

  /** The value, or -1: not one of the four. */
  get(a: number, b: number): number {
    const cells = this.#cells;
    const end = a * CELLS + CELLS;
    for (let at = end - CELLS; at < end; at += 2) if (cells[at] === b + 1) return cells[at + 1];
    return -1;
  }

  /** Puts in a pair that is not there. */
  keep(a: number, b: number, value: number): void {
    let at = a * CELLS;
    if (at >= this.length) {
      const { length } = this;
      this.length = max(at + CELLS, length * 2);
      this.#cells = copyInto(new OwnInt32Array(this.length), this.#cells, length);
    }
    const cells = this.#cells;
    const end = at + CELLS;
    while (at < end && cells[at] !== 0) at += 2;
    // Any one goes: of keys that come in turns, the oldest would always be the next one wanted.
    if (at === end) at = a * CELLS + ((value & 3) << 1);
    cells[at] = b + 1;
    cells[at + 1] = value;
  }
}
