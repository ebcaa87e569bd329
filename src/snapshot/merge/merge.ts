// Browser compatible.
import {
  type BlockColumns,
  newBlockColumns,
  type ProcessName,
  type SnapshotColumns,
} from "../model/columns.ts";
import { MAX_SAMPLES } from "../pprof/limits.ts";
import { CommonTables } from "./common_tables.ts";

/** A snapshot's columns, and the processes that its blocks belong to, as `processes` of the merged ones names them. */
export interface MergePart {
  readonly columns: SnapshotColumns;
  /** As many as the columns have; one where they have none. */
  readonly processes: readonly ProcessName[];
}

/**
 * Puts the blocks of several processes side by side; every row keeps its process, so nothing is added up that could
 * not be taken apart again. Equal frames and tracebacks are stored once.
 *
 * @throws {RangeError} where there are more rows than a dump can hold
 */
export function mergeColumns(parts: readonly MergePart[]): SnapshotColumns {
  const rows = parts.reduce((sum, { columns }) => sum + columns.blocks.count.length, 0);
  if (rows > MAX_SAMPLES) {
    throw new RangeError(`there are ${rows} rows in all; a snapshot has at most ${MAX_SAMPLES}`);
  }
  const merger = new Merger(rows);
  for (const part of parts) merger.add(part);
  return merger.columns(Math.max(1, ...parts.map(({ columns }) => columns.tracebackLimit)));
}

class Merger {
  readonly #tables = new CommonTables();
  readonly #processes: ProcessName[] = [];
  readonly #blocks: BlockColumns & { readonly process: Int32Array };
  #end = 0;

  constructor(rows: number) {
    this.#blocks = { ...newBlockColumns(rows), process: new Int32Array(rows) };
  }

  add({ columns, processes }: MergePart): void {
    const { tracebacks, types } = this.#tables.add(columns);
    const firstProcess = this.#processes.length;
    for (const process of processes) this.#processes.push(process);
    const from = columns.blocks;
    const to = this.#blocks;
    const start = this.#end;
    for (let row = 0; row < from.count.length; row++) {
      to.traceback[start + row] = tracebacks[from.traceback[row]];
      to.type[start + row] = types[from.type[row]];
      to.process[start + row] = firstProcess + (from.process === undefined ? 0 : from.process[row]);
    }
    for (const name of ["domain", "size", "count", "allocatedCount", "allocatedSize"] as const) {
      to[name].set(from[name], start);
    }
    this.#end += from.count.length;
  }

  columns(tracebackLimit: number): SnapshotColumns {
    return {
      ...this.#tables.columns(),
      blocks: this.#blocks,
      processes: this.#processes,
      tracebackLimit,
    };
  }
}
