// Browser compatible.

/**
 * An order as digits: keys differ in the first digit that differs, and the larger digit is the larger key.
 * Sorting by digits looks at each key a few times; comparing a million tracebacks of ten frames walks their common
 * frames twenty million times (7 s against 2.5 s).
 */
export interface Digits {
  /** Digit `level` of a key: 1 or above, up to 2 ** 53; 0 where the key has no more digits. */
  digitAt(key: number, level: number): number;
}

/** Shorter ranges are sorted by insertion: the counters of a radix pass cost more. */
const INSERTION_BELOW = 24;
/** From here on a pass over more counters is worth fewer passes. */
const WIDE_FROM = 4096;
const HALF = 2 ** 32;

/**
 * Sorts keys in place, descending by each of the columns in turn and then by the digits.
 *
 * @param keys indices into the columns; no two alike
 * @param columns whole numbers from 0 to 2 ** 53
 * @param order makes the digits; only called where keys are equal in all columns
 */
export function sortDescending(
  keys: Int32Array<ArrayBuffer>,
  columns: readonly Float64Array[],
  order: () => Digits,
): void {
  new Sorter(keys, columns, order).run();
}

class Sorter {
  readonly #keys: Int32Array<ArrayBuffer>;
  readonly #columns: readonly Float64Array[];
  readonly #order: () => Digits;
  #digits: Digits | undefined;
  /** What the keys of the range are sorted by at the moment, in halves; beside the keys so that passes read on. */
  readonly #low: Uint32Array<ArrayBuffer>;
  readonly #high: Uint32Array<ArrayBuffer>;
  readonly #spare: readonly [Int32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>];
  readonly #starts = new Int32Array(2049);
  /** Ranges to sort: start, end, level. A list, because a hostile file could exhaust the stack of a recursion. */
  readonly #ranges: number[];

  constructor(keys: Int32Array<ArrayBuffer>, columns: readonly Float64Array[], order: () => Digits) {
    const { length } = keys;
    this.#keys = keys;
    this.#columns = columns;
    this.#order = order;
    this.#low = new Uint32Array(length);
    this.#high = new Uint32Array(length);
    this.#spare = [new Int32Array(length), new Uint32Array(length), new Uint32Array(length)];
    this.#ranges = [0, length, 0];
  }

  run(): void {
    while (this.#ranges.length > 0) {
      const level = this.#ranges.pop()!;
      const end = this.#ranges.pop()!;
      const start = this.#ranges.pop()!;
      if (end - start < INSERTION_BELOW) this.#insertionSort(start, end, level);
      else this.#sortByLevel(start, end, level);
    }
  }

  #valueAt(key: number, level: number): number {
    const column = level - this.#columns.length;
    if (column < 0) return this.#columns[level][key];
    this.#digits ??= this.#order();
    return this.#digits.digitAt(key, column);
  }

  #insertionSort(start: number, end: number, level: number): void {
    const keys = this.#keys;
    for (let i = start + 1; i < end; i++) {
      const key = keys[i];
      let at = i;
      while (at > start && this.#isLess(keys[at - 1], key, level)) {
        keys[at] = keys[at - 1];
        at--;
      }
      keys[at] = key;
    }
  }

  #isLess(a: number, b: number, from: number): boolean {
    for (let level = from; ; level++) {
      const left = this.#valueAt(a, level);
      const right = this.#valueAt(b, level);
      if (left !== right) return left < right;
      if (left === 0 && level >= this.#columns.length) return false;
    }
  }

  /** The first level at which the keys of a range differ: tracebacks have most of their oldest frames in common. */
  #skipCommon(start: number, end: number, from: number): number {
    if (from < this.#columns.length) return from;
    const first = this.#keys[start];
    let common = Number.POSITIVE_INFINITY;
    for (let i = start + 1; i < end && common > from; i++) {
      const key = this.#keys[i];
      let level = from;
      while (level < common) {
        const value = this.#valueAt(first, level);
        if (value === 0 || value !== this.#valueAt(key, level)) break;
        level++;
      }
      common = level;
    }
    return common;
  }

  #sortByLevel(start: number, end: number, from: number): void {
    const level = this.#skipCommon(start, end, from);
    const { smallest, largest } = this.#gather(start, end, level);
    if (smallest === largest) {
      const isOver = largest === 0 && level >= this.#columns.length;
      if (!isOver) this.#ranges.push(start, end, level + 1);
      return;
    }
    const bits = end - start < WIDE_FROM ? 8 : 11;
    const lowest = Math.min(largest, HALF - 1);
    for (let shift = 0; shift < 32 && lowest / 2 ** shift >= 1; shift += bits) {
      this.#pass(start, end, { by: this.#low, shift, bits });
    }
    for (let shift = 0; shift < 32 && largest / HALF / 2 ** shift >= 1; shift += bits) {
      this.#pass(start, end, { by: this.#high, shift, bits });
    }
    this.#pushTies(start, end, level + 1);
  }

  #gather(start: number, end: number, level: number): { smallest: number; largest: number } {
    let smallest = Number.POSITIVE_INFINITY;
    let largest = 0;
    for (let i = start; i < end; i++) {
      const value = this.#valueAt(this.#keys[i], level);
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
      this.#low[i] = value % HALF;
      this.#high[i] = value / HALF;
    }
    return { smallest, largest };
  }

  /** One stable pass over `bits` bits of the values. */
  #pass(
    start: number,
    end: number,
    { by, shift, bits }: { by: Uint32Array<ArrayBuffer>; shift: number; bits: number },
  ): void {
    const top = (1 << bits) - 1;
    const starts = this.#starts;
    const keys = this.#keys;
    const low = this.#low;
    const high = this.#high;
    const [spareKeys, spareLow, spareHigh] = this.#spare;
    starts.fill(0, 0, top + 2);
    // Counted from the other end, because the order is descending.
    for (let i = start; i < end; i++) starts[top - ((by[i] >>> shift) & top) + 1]++;
    for (let digit = 0; digit <= top; digit++) starts[digit + 1] += starts[digit];
    for (let i = start; i < end; i++) {
      const to = start + starts[top - ((by[i] >>> shift) & top)]++;
      spareKeys[to] = keys[i];
      spareLow[to] = low[i];
      spareHigh[to] = high[i];
    }
    for (let i = start; i < end; i++) {
      keys[i] = spareKeys[i];
      low[i] = spareLow[i];
      high[i] = spareHigh[i];
    }
  }

  #pushTies(start: number, end: number, level: number): void {
    const low = this.#low;
    const high = this.#high;
    for (let from = start, to = start + 1; from < end; from = to++) {
      while (to < end && low[to] === low[from] && high[to] === high[from]) to++;
      if (to - from > 1) this.#ranges.push(from, to, level);
    }
  }
}
