// Browser compatible.
import { ColumnReader } from "./column_reader.ts";
import type { BlockColumns, SnapshotColumns } from "./columns.ts";
import { inspect } from "./python_repr.ts";
import { sameTraces } from "./same_traces.ts";
import { Trace } from "./trace.ts";
import type { Traceback } from "./traceback.ts";

/**
 * The traces of a snapshot, one per living block, in no particular order.
 *
 * A view: every `Trace` is made when it is asked for, and none is kept.
 */
export class Traces implements Iterable<Trace> {
  readonly #columns: SnapshotColumns;
  readonly #blocks: BlockColumns;
  readonly #reader: ColumnReader;
  /** Number of traces in all rows up to and with this one. */
  #ends: Float64Array | undefined;

  constructor(columns: SnapshotColumns) {
    this.#columns = columns;
    this.#blocks = columns.blocks;
    this.#reader = new ColumnReader(columns);
  }

  #readEnds(): Float64Array {
    if (this.#ends) return this.#ends;
    let end = 0;
    return (this.#ends = this.#blocks.count.map((count) => (end += Math.round(count))));
  }

  /** Number of living blocks. */
  get length(): number {
    return this.#readEnds().at(-1) ?? 0;
  }

  /** The trace at `index`, from the end where negative; `undefined` where there is none. */
  at(index: number): Trace | undefined {
    const ends = this.#readEnds();
    const whole = Math.trunc(index) || 0;
    const wanted = whole < 0 ? whole + this.length : whole;
    if (wanted < 0 || wanted >= this.length) return undefined;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return this.#trace(low, this.#reader.traceback(this.#blocks.traceback[low]));
  }

  *[Symbol.iterator](): IterableIterator<Trace> {
    const { count, traceback: tracebacks } = this.#blocks;
    for (let row = 0; row < count.length; row++) {
      const traceback = this.#reader.traceback(tracebacks[row]);
      for (let left = Math.round(count[row]); left > 0; left--) yield this.#trace(row, traceback);
    }
  }

  #trace(row: number, traceback: Traceback): Trace {
    const { domain, size, type } = this.#blocks;
    return new Trace(traceback, {
      domain: domain[row],
      size: size[row],
      type: this.#columns.types[type[row]],
    });
  }

  /** Whether there is such a trace. */
  includes(trace: Trace): boolean {
    for (const own of this) if (own.equals(trace)) return true;
    return false;
  }

  /** Whether `other` has the same traces, each as often, whatever the order. */
  equals(other: unknown): boolean {
    return (
      other instanceof Traces && this.length === other.length && sameTraces(this.#columns, other.#columns)
    );
  }

  toString(): string {
    return `<Traces len=${this.length}>`;
  }

  /** @internal */
  [inspect](): string {
    return this.toString();
  }
}
