// Browser compatible.
import { floor, imul, random } from "./own_math.ts";

/** xorshift32: the same seed gives the same run. Not for secrets. */
export class Random {
  #state: number;

  /** @param seed Any 32-bit integer; null takes one at random. */
  constructor(seed: number | null) {
    // 0 is the one state that xorshift never leaves.
    this.#state = mixed(seed ?? floor(random() * 2 ** 32)) || 0x9e3779b9;
  }

  /** An integer from 0 to 2³² − 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** An integer from 0 to `limit` − 1; `limit` is a power of two. */
  below(limit: number): number {
    // The high bits: the low ones of xorshift have short periods.
    return floor(this.next() * (limit / 2 ** 32));
  }
}

/** MurmurHash3's finaliser: seeds like 1, 2, 3 have few bits set, and xorshift takes long to spread them. */
function mixed(seed: number): number {
  let h = seed | 0;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
