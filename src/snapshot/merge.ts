// Browser compatible.
import { NameTable } from "../statistics/key_table.ts";
import type {
  BlockColumns,
  FrameColumns,
  ProcessName,
  SnapshotColumns,
  TracebackColumns,
} from "./columns.ts";
import { MAX_SAMPLES } from "./pprof/limits.ts";
import { SequenceTable } from "./sequence_table.ts";
import { tracebackColumns } from "./traceback_sequences.ts";

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
  readonly #filenames = new NameTable();
  readonly #functionNames = new NameTable();
  readonly #types = new NameTable();
  readonly #processes: ProcessName[] = [];
  /** `[filename, line, column, functionName, functionLine]` */
  readonly #frames = new SequenceTable();
  /** Frames, oldest first, and then the total number of frames. */
  readonly #tracebacks = new SequenceTable();
  readonly #blocks: BlockColumns & { readonly process: Int32Array };
  #end = 0;

  constructor(rows: number) {
    this.#blocks = {
      traceback: new Int32Array(rows),
      type: new Int32Array(rows),
      domain: new Int32Array(rows),
      size: new Float64Array(rows),
      count: new Float64Array(rows),
      allocatedCount: new Float64Array(rows),
      allocatedSize: new Float64Array(rows),
      process: new Int32Array(rows),
    };
  }

  add({ columns, processes }: MergePart): void {
    const tracebacks = this.#internTracebacks(columns.tracebacks, this.#internFrames(columns.frames));
    const types = this.#types.internAll(columns.types);
    const firstProcess = this.#processes.length;
    this.#processes.push(...processes);
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

  #internFrames(frames: FrameColumns): Int32Array {
    const filenames = this.#filenames.internAll(frames.filenames);
    const functionNames = this.#functionNames.internAll(frames.functionNames);
    const sequence = new Int32Array(5);
    return frames.lineno.map((lineno, frame) => {
      sequence[0] = filenames[frames.filename[frame]];
      sequence[1] = lineno;
      sequence[2] = frames.column[frame];
      sequence[3] = functionNames[frames.functionName[frame]];
      sequence[4] = frames.functionLine[frame];
      return this.#frames.intern(sequence);
    });
  }

  #internTracebacks({ offset, frames, totalNframe }: TracebackColumns, frameIds: Int32Array): Int32Array {
    let sequence = new Int32Array(64);
    return totalNframe.map((total, id) => {
      const length = offset[id + 1] - offset[id];
      if (length >= sequence.length) sequence = new Int32Array(length * 2);
      for (let i = 0; i < length; i++) sequence[i] = frameIds[frames[offset[id] + i]];
      sequence[length] = total;
      return this.#tracebacks.intern(sequence, 0, length + 1);
    });
  }

  columns(tracebackLimit: number): SnapshotColumns {
    return {
      frames: this.#frameColumns(),
      tracebacks: tracebackColumns(this.#tracebacks.columns(), this.#tracebacks.length),
      blocks: this.#blocks,
      types: this.#types.names,
      processes: this.#processes,
      tracebackLimit,
    };
  }

  #frameColumns(): FrameColumns {
    const { length } = this.#frames;
    const column = (index: number): Int32Array =>
      Int32Array.from({ length }, (_, id) => this.#frames.elementAt(id, index));
    return {
      filenames: this.#filenames.names,
      functionNames: this.#functionNames.names,
      filename: column(0),
      lineno: column(1),
      column: column(2),
      functionName: column(3),
      functionLine: column(4),
    };
  }
}
