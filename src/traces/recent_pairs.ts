// Browser compatible.
import { OwnInt32Array } from "../sites/safe_collections.ts";

/** Two entries, each of a second key + 1 (0: free) and a value. */
const CELLS = 4;

/**
 * For each first key, the two pairs looked up last: in front of an `IntPairMap`. Paths that follow each other were numbered
 * one after the other, so that what is kept of them lies side by side, where the map's entries are strewn over the cache.
 */
export class RecentPairs {
  #cells = new OwnInt32Array(256 * CELLS);
  /** Cells: the length of the array, kept here because a program can see it being read from a typed array. */
  length: number = 256 * CELLS;

  /** The value, or -1: not one of the two. */
  get(a: number, b: number): number {
    const cells = this.#cells;
    const at = a * CELLS;
    if (cells[at] === b + 1) return cells[at + 1];
    if (cells[at + 2] === b + 1) return cells[at + 3];
    return -1;
  }

  /** Puts a pair first; the older one of the two goes. */
  keep(a: number, b: number, value: number): void {
    const at = a * CELLS;
    if (at >= this.length) {
      this.length = Math.max(at + CELLS, this.length * 2);
      const grown = new OwnInt32Array(this.length);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    const cells = this.#cells;
    cells[at + 2] = cells[at];
    cells[at + 3] = cells[at + 1];
    cells[at] = b + 1;
    cells[at + 1] = value;
  }
}
