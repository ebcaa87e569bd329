// Browser compatible.
import { ensureStack } from "../../host/ensure_stack.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";

/** Told of a row how many have come, how many more there are than before, and how many more there were at the most. */
type Settle = (row: number, came: number, more: number, most: number) => void;

/** Rows that can have some at a time: a power of two. */
const ROWS = 64;
const CELLS = 4;
/** So many, and all are counted. */
const MOST = 1024;

/**
 * What has yet to be counted in a table, those of a row together: servers ask for the same few listeners with each request, and remove them. For one by one, they wait
 * for memory.
 */
export class CountBatch {
  readonly #to: Settle;
  /** Row, how many have come, how many more there are, and the most there were: together, to be in one line of the cache. */
  readonly #cells = new OwnInt32Array(ROWS * CELLS);
  length = 0;

  constructor(to: Settle) {
    this.#to = to;
  }

  get isFull(): boolean {
    return this.length >= MOST;
  }

  came(row: number): void {
    const at = this.#placeOf(row);
    const cells = this.#cells;
    cells[at + 1]!++;
    const more = ++cells[at + 2]!;
    if (more > cells[at + 3]!) cells[at + 3] = more;
  }

  gone(row: number): void {
    this.#cells[this.#placeOf(row) + 2]!--;
  }

  /** Counts all of them. Gives how many have come and gone. */
  settle(): number {
    const { length } = this;
    this.length = 0;
    if (length > 0) for (let at = 0; at < ROWS * CELLS; at += CELLS) this.#settleAt(at);
    return length;
  }

  #placeOf(row: number): number {
    const at = (row & (ROWS - 1)) * CELLS;
    if (this.#cells[at] !== row) this.#settleAt(at);
    this.#cells[at] = row;
    this.length++;
    return at;
  }

  #settleAt(at: number): void {
    const cells = this.#cells;
    const { [at]: row, [at + 1]: came, [at + 2]: more, [at + 3]: most } = cells;
    if (came === 0 && more === 0) return;
    ensureStack();
    cells[at + 1] = cells[at + 2] = cells[at + 3] = 0;
    this.#to(row!, came!, more!, most!);
  }
}
