// Browser compatible.

import { TracebackKeys } from "../../statistics/traceback_keys.ts";
import { NameTable } from "../../tables/name_table.ts";
import { SequenceTable } from "../../tables/sequence_table.ts";
import type { SnapshotColumns } from "./columns.ts";

/** Whether both have the same traces, each as often: domain, size, type, traceback and `totalNframe`. */
export function sameTraces(a: SnapshotColumns, b: SnapshotColumns): boolean {
  const ledger = new Ledger();
  ledger.book(a, 1);
  ledger.book(b, -1);
  return ledger.isBalanced();
}

/** How often one side has a trace more than the other. */
class Ledger {
  readonly #tracebacks = new TracebackKeys();
  readonly #types = new NameTable();
  /** `[traceback, totalNframe, type, domain, size's two halves]` */
  readonly #rows = new SequenceTable();
  readonly #balance: number[] = [];

  book(snapshot: SnapshotColumns, sign: 1 | -1): void {
    const { tracebacks, types, blocks } = snapshot;
    const tracebackKeys = this.#tracebacks.assign(snapshot);
    const typeKeys = this.#types.internAll(types);
    const sequence = new Int32Array(6);
    const size = new Float64Array(sequence.buffer, 16, 1);
    for (let row = 0; row < blocks.count.length; row++) {
      const count = Math.round(blocks.count[row]);
      if (count === 0) continue;
      sequence[0] = tracebackKeys[blocks.traceback[row]];
      sequence[1] = tracebacks.totalNframe[blocks.traceback[row]];
      sequence[2] = typeKeys[blocks.type[row]];
      sequence[3] = blocks.domain[row];
      size[0] = blocks.size[row];
      const id = this.#rows.intern(sequence);
      this.#balance[id] = (this.#balance[id] ?? 0) + sign * count;
    }
  }

  isBalanced(): boolean {
    return this.#balance.every((count) => count === 0);
  }
}
