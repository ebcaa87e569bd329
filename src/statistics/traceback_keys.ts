// Browser compatible.

import { ColumnReader } from "../snapshot/model/column_reader.ts";
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { Traceback } from "../snapshot/model/traceback.ts";
import { SequenceTable } from "../tables/sequence_table.ts";
import { FrameKeys } from "./frame_keys.ts";
import type { KeyTable } from "./key_table.ts";
import { type Digits, sortDescending } from "./sort.ts";

/** Numbers tracebacks by their files and lines: columns, functions and `totalNframe` do not tell them apart. */
export class TracebackKeys implements KeyTable {
  readonly per = "traceback";
  readonly #lines = new FrameKeys("lineno");
  #keys = new SequenceTable();
  /** Where a key was first seen: the snapshot, and its number there. */
  readonly #readers: { readonly firstKey: number; readonly reader: ColumnReader }[] = [];
  #firstSeen = new Int32Array(0);
  /** The line of the oldest frame: columns of their own, because sorted keys read them from all over. */
  #oldest = new Int32Array(0);
  readonly #names: (string | undefined)[] = [];

  get length(): number {
    return this.#keys.length;
  }

  assign(snapshot: SnapshotColumns): Int32Array {
    this.#readers.push({ firstKey: this.length, reader: new ColumnReader(snapshot) });
    const lines = this.#lines.assign(snapshot);
    const { offset, frames } = snapshot.tracebacks;
    this.#reserve(offset.length - 1, frames.length);
    const sequence = new Int32Array(longest(offset));
    const keys = new Int32Array(offset.length - 1);
    for (let traceback = 0; traceback < keys.length; traceback++) {
      const start = offset[traceback];
      const length = offset[traceback + 1] - start;
      for (let i = 0; i < length; i++) sequence[i] = lines[frames[start + i]];
      const known = this.length;
      const key = this.#keys.intern(sequence, 0, length);
      keys[traceback] = key;
      if (key === known) {
        this.#firstSeen[key] = traceback;
        this.#oldest[key] = sequence[0];
      }
    }
    return keys;
  }

  /** Makes room for so many more tracebacks, of so many frames in all. */
  #reserve(tracebacks: number, frames: number): void {
    // The second snapshot mostly has what the first one has.
    if (this.length === 0) this.#keys = new SequenceTable({ sequences: tracebacks, integers: frames });
    const length = this.length + tracebacks;
    this.#firstSeen = lengthened(this.#firstSeen.subarray(0, this.length), length);
    this.#oldest = lengthened(this.#oldest.subarray(0, this.length), length);
  }

  order(): Digits {
    const { pool, offset } = this.#keys.columns();
    const ranks = this.#lineRanks();
    const base = ranks.length + 1;
    // As many frames as a double holds make one digit: each digit is a walk through memory.
    const perDigit = Math.max(1, Math.floor(53 / Math.max(1, Math.ceil(Math.log2(base)))));
    return {
      digitAt(key, level) {
        const start = offset[key] + level * perDigit;
        const end = offset[key + 1];
        let digit = 0;
        for (let at = start; at < start + perDigit; at++) {
          digit *= base;
          if (at < end) digit += ranks[pool[at]] + 1;
        }
        return digit;
      },
    };
  }

  #lineRanks(): Int32Array {
    const sorted = Int32Array.from({ length: this.#lines.length }, (_, id) => id);
    sortDescending(sorted, [], () => this.#lines.order());
    const ranks = new Int32Array(sorted.length);
    for (let i = 0; i < sorted.length; i++) ranks[sorted[i]] = sorted.length - 1 - i;
    return ranks;
  }

  traceback(key: number): Traceback {
    let at = this.#readers.length - 1;
    while (this.#readers[at].firstKey > key) at--;
    // Without totalNframe, which may differ between the blocks of one statistic.
    return Traceback.lazy(this.#readers[at].reader, this.#firstSeen[key]);
  }

  name(key: number): string {
    const oldest = this.#oldest[key];
    return (this.#names[oldest] ??= this.#lines.name(oldest));
  }
}

function longest(offset: Int32Array): number {
  let length = 0;
  for (let i = 1; i < offset.length; i++) length = Math.max(length, offset[i] - offset[i - 1]);
  return length;
}

function lengthened(old: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(old);
  return longer;
}
