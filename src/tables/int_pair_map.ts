// Browser compatible.

import { ensureStack } from "../host/ensure_stack.ts";
import { imul } from "./own_math.ts";
import { OwnInt32Array } from "./safe_collections.ts";

/** A hash table from two integers (0 and up) to one, by open addressing in one typed array. */
export class IntPairMap {
  // Three cells per entry: first key + 1 (0: free), second key, value. One array, so that a look-up that hits touches
  // one cache line.
  #cells = new OwnInt32Array(3 * 256);
  #mask = 255;
  size = 0;

  /** The value, or -1. */
  get(a: number, b: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    let slot = hash(a, b) & mask;
    for (;;) {
      const at = slot * 3;
      const key = cells[at];
      if (key === a + 1 && cells[at + 1] === b) return cells[at + 2];
      if (key === 0) return -1;
      slot = (slot + 1) & mask;
    }
  }

  set(a: number, b: number, value: number): void {
    if (this.size * 2 > this.#mask) this.#grow();
    this.#put(a, b, value);
  }

  #put(a: number, b: number, value: number): void {
    const cells = this.#cells;
    let slot = hash(a, b) & this.#mask;
    for (;;) {
      const at = slot * 3;
      if (cells[at] === 0) {
        cells[at] = a + 1;
        cells[at + 1] = b;
        cells[at + 2] = value;
        this.size++;
        return;
      }
      if (cells[at] === a + 1 && cells[at + 1] === b) {
        cells[at + 2] = value;
        return;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    ensureStack(); // an overflow half-way would lose entries
    const old = this.#cells;
    const end = 3 * (this.#mask + 1);
    this.#mask = this.#mask * 2 + 1;
    this.#cells = new OwnInt32Array(3 * (this.#mask + 1));
    this.size = 0;
    for (let at = 0; at < end; at += 3) if (old[at] !== 0) this.#put(old[at] - 1, old[at + 1], old[at + 2]);
  }
}

function hash(a: number, b: number): number {
  let h = imul(a, 0x9e3779b1) ^ imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  h = imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}
