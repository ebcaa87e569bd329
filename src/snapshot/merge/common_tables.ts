// Browser compatible.

import { NameTable } from "../../tables/name_table.ts";
import { SequenceTable } from "../../tables/sequence_table.ts";
import type { FrameColumns, SnapshotColumns, TracebackColumns } from "../model/columns.ts";
import { tracebackColumns } from "../model/traceback_sequences.ts";

/** The numbers that a snapshot's tracebacks and types have in the common tables. */
export interface CommonNumbers {
  readonly tracebacks: Int32Array;
  readonly types: Int32Array;
}

/** Frames, tracebacks and types of several snapshots; equal ones are stored once. */
export class CommonTables {
  readonly #filenames = new NameTable();
  readonly #functionNames = new NameTable();
  readonly #types = new NameTable();
  /** `[filename, line, column, functionName, functionLine]` */
  readonly #frames = new SequenceTable();
  /** Frames, oldest first, and then the total number of frames. */
  readonly #tracebacks = new SequenceTable();

  add({ frames, tracebacks, types }: SnapshotColumns): CommonNumbers {
    return {
      tracebacks: this.#internTracebacks(tracebacks, this.#internFrames(frames)),
      types: this.#types.internAll(types),
    };
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

  columns(): Pick<SnapshotColumns, "frames" | "tracebacks" | "types"> {
    return {
      frames: this.#frameColumns(),
      tracebacks: tracebackColumns(this.#tracebacks.columns(), this.#tracebacks.length),
      types: this.#types.names,
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
