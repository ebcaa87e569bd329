// Browser compatible.
import { copyInto } from "./copy_into.ts";
import { OwnFloat64Array, OwnInt32Array } from "./safe_collections.ts";

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
      this.#values = copyInto(new OwnInt32Array(this.#capacity), this.#values, this.length);
    }
    this.#values[this.length] = value;
    return ++this.length;
  }

  /** A copy of the values. */
  copy(): Int32Array {
    return copyInto(new OwnInt32Array(this.length), this.#values, this.length);
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
      this.#values = copyInto(new OwnFloat64Array(this.#capacity), this.#values, this.length);
    }
    this.#values[this.length] = value;
    return ++this.length;
  }

  /** A copy of the values. */
  copy(): Float64Array {
    return copyInto(new OwnFloat64Array(this.length), this.#values, this.length);
  }
}
