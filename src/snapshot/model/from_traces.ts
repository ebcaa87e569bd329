// Browser compatible.

import { SequenceTable } from "../../tables/sequence_table.ts";
import type { BlockColumns, FrameColumns, SnapshotColumns } from "./columns.ts";
import { reprValue, typeName } from "./python_repr.ts";
import { tracebackColumns } from "./traceback_sequences.ts";

/** A trace as CPython keeps it: domain, bytes, `[filename, lineno]` with the most recent frame first, frames in all. */
export type RawTrace = readonly [
  domain: number,
  size: number,
  frames: readonly (readonly [filename: string, lineno: number])[],
  totalNframe?: number | null,
];

const MAX_INT32 = 0x7fffffff;
const MAX_TRACEBACK_LIMIT = 65535;
const UNKNOWN_FRAMES = [["<unknown>", 0]] as const;

/**
 * Puts raw traces into columns; equal ones share a row.
 *
 * @throws {TypeError} where a part of a trace is of the wrong type
 * @throws {RangeError} where a number is out of range
 */
export function columnsFromTraces(rawTraces: Iterable<RawTrace>, tracebackLimit: number): SnapshotColumns {
  checkWhole(tracebackLimit, { what: "tracebackLimit", from: 1, to: MAX_TRACEBACK_LIMIT });
  if (typeof rawTraces !== "object" || rawTraces === null || !(Symbol.iterator in rawTraces)) {
    throw new TypeError(`rawTraces must be a list of traces, not ${typeName(rawTraces)}`);
  }
  const builder = new Builder();
  let index = 0;
  for (const trace of rawTraces) builder.add(trace, `rawTraces[${index++}]`);
  return builder.columns(tracebackLimit);
}

class Builder {
  readonly #filenames = new Map<string, number>();
  /** `[filename, lineno]` */
  readonly #frames = new SequenceTable();
  /** Frames, oldest first, and then the total number of frames: it tells tracebacks apart, too. */
  readonly #tracebacks = new SequenceTable();
  /** `[traceback, domain, size's low half, size's high half]` */
  readonly #rows = new SequenceTable();
  readonly #count: number[] = [];
  readonly #pair = new Int32Array(2);
  readonly #row = new Int32Array(4);
  readonly #size = new Float64Array(this.#row.buffer, 8, 1);

  add(trace: RawTrace, where: string): void {
    if (!Array.isArray(trace)) {
      throw new TypeError(`${where} must be [domain, size, frames, totalNframe?], not ${typeName(trace)}`);
    }
    const [domain, size, frames, totalNframe] = trace as RawTrace;
    checkWhole(domain, { what: `${where}: domain`, from: 0, to: MAX_INT32 });
    checkWhole(size, { what: `${where}: size`, from: 0, to: Number.MAX_SAFE_INTEGER });
    if (!Array.isArray(frames))
      throw new TypeError(`${where}: frames must be a list, not ${typeName(frames)}`);
    const total = totalNframe ?? -1;
    if (total !== -1) checkWhole(total, { what: `${where}: totalNframe`, from: 0, to: MAX_INT32 });
    this.#row[0] = this.#traceback(frames, { total, where });
    this.#row[1] = domain;
    this.#size[0] = size;
    const row = this.#rows.intern(this.#row);
    this.#count[row] = (this.#count[row] ?? 0) + 1;
  }

  #traceback(frames: RawTrace[2], { total, where }: { total: number; where: string }): number {
    const own = frames.length === 0 ? UNKNOWN_FRAMES : frames;
    const sequence = new Int32Array(own.length + 1);
    for (let i = 0; i < own.length; i++) sequence[own.length - 1 - i] = this.#frame(own[i], where);
    sequence[own.length] = total;
    return this.#tracebacks.intern(sequence);
  }

  #frame(frame: readonly [string, number], where: string): number {
    if (!Array.isArray(frame)) {
      throw new TypeError(`${where}: a frame must be [filename, lineno], not ${typeName(frame)}`);
    }
    const [filename, lineno] = frame;
    if (typeof filename !== "string") {
      throw new TypeError(`${where}: a filename must be a string, not ${typeName(filename)}`);
    }
    checkWhole(lineno, { what: `${where}: lineno`, from: 0, to: MAX_INT32 });
    let file = this.#filenames.get(filename);
    if (file === undefined) this.#filenames.set(filename, (file = this.#filenames.size));
    this.#pair[0] = file;
    this.#pair[1] = lineno;
    return this.#frames.intern(this.#pair);
  }

  columns(tracebackLimit: number): SnapshotColumns {
    return {
      frames: this.#frameColumns(),
      tracebacks: tracebackColumns(this.#tracebacks.columns(), this.#tracebacks.length),
      blocks: this.#blockColumns(),
      types: ["<unknown>"],
      tracebackLimit,
    };
  }

  #frameColumns(): FrameColumns {
    const length = this.#frames.length;
    return {
      filenames: [...this.#filenames.keys()],
      functionNames: [""],
      filename: Int32Array.from({ length }, (_, id) => this.#frames.elementAt(id, 0)),
      lineno: Int32Array.from({ length }, (_, id) => this.#frames.elementAt(id, 1)),
      column: new Int32Array(length),
      functionName: new Int32Array(length),
      functionLine: new Int32Array(length),
    };
  }

  #blockColumns(): BlockColumns {
    const length = this.#rows.length;
    const count = Float64Array.from(this.#count);
    const size = Float64Array.from({ length }, (_, id) => {
      this.#row[2] = this.#rows.elementAt(id, 2);
      this.#row[3] = this.#rows.elementAt(id, 3);
      return this.#size[0];
    });
    return {
      traceback: Int32Array.from({ length }, (_, id) => this.#rows.elementAt(id, 0)),
      type: new Int32Array(length),
      domain: Int32Array.from({ length }, (_, id) => this.#rows.elementAt(id, 1)),
      size,
      count,
      allocatedCount: count.slice(),
      allocatedSize: size.map((bytes, id) => bytes * count[id]),
    };
  }
}

function checkWhole(value: unknown, { what, from, to }: { what: string; from: number; to: number }): void {
  if (typeof value !== "number") throw new TypeError(`${what} must be a number, not ${reprValue(value)}`);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new RangeError(`${what} must be a whole number from ${from} to ${to}, not ${value}`);
  }
}
