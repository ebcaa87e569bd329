// Browser compatible.
import { IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";

/** Numbers pairs of integers in the order in which they come. */
export class IntPairs {
  readonly first: IntColumn = new IntColumn();
  readonly second: IntColumn = new IntColumn();
  readonly #numbers = new IntPairMap();
  // A hostile file could bring pairs that all fall on one slot, if it knew this.
  readonly #seed = Math.floor(Math.random() * 2 ** 30);

  /** The number of a pair; both are 0 or more. */
  number(first: number, second: number): number {
    const key = first ^ this.#seed;
    let number = this.#numbers.get(key, second);
    if (number === -1) {
      number = this.append(first, second);
      this.#numbers.set(key, second, number);
    }
    return number;
  }

  /** Takes the next number for a pair that is never asked for. */
  append(first: number, second: number): number {
    this.first.push(first);
    return this.second.push(second) - 1;
  }
}
