// Browser compatible.
import type { FrameColumns, SnapshotColumns, TracebackColumns } from "./columns.ts";
import { Frame } from "./frame.ts";
import { type FrameSource, Traceback } from "./traceback.ts";

/** Makes frames and tracebacks out of the columns, one `Frame` per distinct frame at most. */
export class ColumnReader implements FrameSource {
  readonly #frames: FrameColumns;
  readonly #tracebacks: TracebackColumns;
  readonly #made: Frame[] = [];

  constructor(columns: SnapshotColumns) {
    this.#frames = columns.frames;
    this.#tracebacks = columns.tracebacks;
  }

  readFrames(id: number): readonly Frame[] {
    const { offset, frames } = this.#tracebacks;
    return Array.from(frames.subarray(offset[id], offset[id + 1]), (frame) => this.#frame(frame));
  }

  /** Traceback `id`, which reads its frames when they are asked for. */
  traceback(id: number): Traceback {
    const total = this.#tracebacks.totalNframe[id];
    return Traceback.lazy(this, id, total < 0 ? null : total);
  }

  #frame(id: number): Frame {
    const { filenames, functionNames, filename, lineno, column, functionName } = this.#frames;
    return (this.#made[id] ??= new Frame(filenames[filename[id]], lineno[id], {
      column: column[id],
      functionName: functionNames[functionName[id]],
    }));
  }
}

/**
 * Gives every empty traceback the one frame `<unknown>:0`, which Python has in its place: whoever reads the columns
 * can rely on a most recent frame.
 */
export function withoutEmptyTracebacks(columns: SnapshotColumns): SnapshotColumns {
  const { offset } = columns.tracebacks;
  let empty = 0;
  for (let i = 1; i < offset.length; i++) if (offset[i] === offset[i - 1]) empty++;
  if (empty === 0) return columns;
  const unknown = columns.frames.lineno.length;
  return {
    ...columns,
    frames: withUnknownFrame(columns.frames),
    tracebacks: withFrameWhereEmpty(columns.tracebacks, unknown, empty),
  };
}

function withUnknownFrame(frames: FrameColumns): FrameColumns {
  return {
    filenames: [...frames.filenames, "<unknown>"],
    functionNames: [...frames.functionNames, ""],
    filename: appended(frames.filename, frames.filenames.length),
    lineno: appended(frames.lineno, 0),
    column: appended(frames.column, 0),
    functionName: appended(frames.functionName, frames.functionNames.length),
    functionLine: appended(frames.functionLine, 0),
  };
}

function appended(column: Int32Array, value: number): Int32Array {
  const longer = new Int32Array(column.length + 1);
  longer.set(column);
  longer[column.length] = value;
  return longer;
}

function withFrameWhereEmpty(old: TracebackColumns, frame: number, empty: number): TracebackColumns {
  const offset = new Int32Array(old.offset.length);
  const frames = new Int32Array(old.frames.length + empty);
  let end = 0;
  for (let i = 0; i + 1 < offset.length; i++) {
    if (old.offset[i] === old.offset[i + 1]) frames[end++] = frame;
    for (let at = old.offset[i]; at < old.offset[i + 1]; at++) frames[end++] = old.frames[at];
    offset[i + 1] = end;
  }
  return { offset, frames: frames.subarray(0, end), totalNframe: old.totalNframe };
}
