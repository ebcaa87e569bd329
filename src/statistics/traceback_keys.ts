// Browser compatible.

import { ColumnReader } from "../snapshot/column_reader.ts";
import type { SnapshotColumns } from "../snapshot/columns.ts";
import { SequenceTable } from "../snapshot/sequence_table.ts";
import { Traceback } from "../snapshot/traceback.ts";
import { FrameKeys } from "./frame_keys.ts";
import type { KeyTable } from "./key_table.ts";
import { type Digits, sortDescending } from "./sort.ts";

/** Numbers tracebacks by their files and lines: columns, functions and `totalNframe` do not tell them apart. */
export class TracebackKeys implements KeyTable {
  readonly per = "traceback";
  readonly #lines = new FrameKeys("lineno");
  readonly #keys = new SequenceTable();
  /** Where a key was first seen: the snapshot, and its number there. */
  readonly #readers: { readonly firstKey: number; readonly reader: ColumnReader }[] = [];
  readonly #firstSeen: number[] = [];
  readonly #names: (string | undefined)[] = [];

  get length(): number {
    return this.#keys.length;
  }

  assign(snapshot: SnapshotColumns): Int32Array {
    this.#readers.push({ firstKey: this.length, reader: new ColumnReader(snapshot) });
    const lines = this.#lines.assign(snapshot);
    const { offset, frames } = snapshot.tracebacks;
    const sequence = new Int32Array(longest(offset));
    const keys = new Int32Array(offset.length - 1);
    for (let traceback = 0; traceback < keys.length; traceback++) {
      const start = offset[traceback];
      const length = offset[traceback + 1] - start;
      for (let i = 0; i < length; i++) sequence[i] = lines[frames[start + i]];
      const key = this.#keys.intern(sequence, 0, length);
      keys[traceback] = key;
      if (key === this.#firstSeen.length) this.#firstSeen.push(traceback);
    }
    return keys;
  }

  order(): Digits {
    const { pool, offset } = this.#keys.columns();
    const ranks = this.#lineRanks();
    return {
      digitAt(key, level) {
        const at = offset[key] + level;
        return at < offset[key + 1] ? ranks[pool[at]] + 1 : 0;
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
    const oldest = this.#keys.elementAt(key, 0);
    return (this.#names[oldest] ??= this.#lines.name(oldest));
  }
}

function longest(offset: Int32Array): number {
  let length = 0;
  for (let i = 1; i < offset.length; i++) length = Math.max(length, offset[i] - offset[i - 1]);
  return length;
}
