// Browser compatible.
import { OwnFloat64Array, OwnInt32Array } from "../sites/safe_collections.ts";

/** A growing column of 32-bit integers. */
export class IntColumn {
  #values = new OwnInt32Array(64);
  /** Kept here, because a program can see it being read from a typed array. */
  #capacity = 64;
  length = 0;

  at(index: number): number {
    return this.#values[index];
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** Gives the new length. */
  push(value: number): number {
    if (this.length === this.#capacity) {
      this.#capacity *= 2;
      const grown = new OwnInt32Array(this.#capacity);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length] = value;
    return ++this.length;
  }

  /** A copy of the values. */
  copy(): Int32Array {
    return this.#values.slice(0, this.length);
  }
}

/** A growing column of doubles. */
export class FloatColumn {
  #values = new OwnFloat64Array(64);
  #capacity = 64;
  length = 0;

  at(index: number): number {
    return this.#values[index];
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  add(index: number, value: number): void {
    this.#values[index] += value;
  }

  /** Gives the new length. */
  push(value: number): number {
    if (this.length === this.#capacity) {
      this.#capacity *= 2;
      const grown = new OwnFloat64Array(this.#capacity);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length] = value;
    return ++this.length;
  }

  /** A copy of the values from `start` to before `end`. */
  copy(start = 0, end: number = this.length): Float64Array {
    return this.#values.slice(start, Math.min(end, this.length));
  }
}
