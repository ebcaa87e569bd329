// Browser compatible.

import type { FrameColumns, SnapshotColumns } from "../snapshot/model/columns.ts";
import { Frame } from "../snapshot/model/frame.ts";
import { type FrameSource, Traceback } from "../snapshot/model/traceback.ts";
import { compareCodePoints } from "../tables/code_points.ts";
import { NameTable } from "../tables/name_table.ts";
import { SequenceTable } from "../tables/sequence_table.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** Keys that belong to one frame. */
export type FrameKeyType = "filename" | "lineno" | "function";

/** Numbers files, lines or functions. */
export class FrameKeys implements KeyTable, FrameSource {
  readonly per = "frame";
  readonly #keyType: FrameKeyType;
  readonly #filenames = new NameTable();
  readonly #functionNames = new NameTable();
  /** `[filename, line, functionName]`; the line is the function's for functions, 0 for files; no name for lines. */
  readonly #keys = new SequenceTable();
  /** What the frames of a line have in common besides it: their column and their function; else 0 and "". */
  readonly #columns: number[] = [];
  readonly #functions: number[] = [];
  readonly #noName: number = this.#functionNames.intern("");

  constructor(keyType: FrameKeyType) {
    this.#keyType = keyType;
  }

  get length(): number {
    return this.#keys.length;
  }

  assign(snapshot: SnapshotColumns): Int32Array {
    const frames = snapshot.frames;
    const filenames = this.#filenames.internAll(frames.filenames);
    const functionNames = this.#functionNames.internAll(frames.functionNames);
    const line = this.#lineOf(frames);
    const isFunction = this.#keyType === "function";
    const sequence = new Int32Array(3);
    const keys = new Int32Array(frames.lineno.length);
    for (let frame = 0; frame < keys.length; frame++) {
      const functionName = functionNames[frames.functionName[frame]];
      sequence[0] = filenames[frames.filename[frame]];
      sequence[1] = line === undefined ? 0 : line[frame];
      sequence[2] = isFunction ? functionName : this.#noName;
      const key = this.#keys.intern(sequence);
      keys[frame] = key;
      if (this.#keyType === "lineno") this.#keepCommon(key, frames.column[frame], functionName);
    }
    return keys;
  }

  #lineOf(frames: FrameColumns): Int32Array | undefined {
    if (this.#keyType === "filename") return undefined;
    return this.#keyType === "lineno" ? frames.lineno : frames.functionLine;
  }

  #keepCommon(key: number, column: number, functionName: number): void {
    if (key === this.#columns.length) {
      this.#columns.push(column);
      this.#functions.push(functionName);
    } else {
      if (this.#columns[key] !== column) this.#columns[key] = 0;
      if (this.#functions[key] !== functionName) this.#functions[key] = this.#noName;
    }
  }

  order(): Digits {
    const { pool } = this.#keys.columns();
    const files = ranksOf(this.#filenames.names, compareCodePoints);
    const functions = ranksOf(this.#functionNames.names, compareCodePoints);
    return {
      digitAt(key, level) {
        if (level === 0) return files[pool[key * 3]] + 1;
        if (level === 1) return pool[key * 3 + 1] + 1;
        return level === 2 ? functions[pool[key * 3 + 2]] + 1 : 0;
      },
    };
  }

  readFrames(key: number): readonly Frame[] {
    const filename = this.#filenames.names[this.#keys.elementAt(key, 0)];
    const lineno = this.#keys.elementAt(key, 1);
    const functionName = this.#functions[key] ?? this.#keys.elementAt(key, 2);
    return [
      new Frame(filename, lineno, {
        column: this.#columns[key] ?? 0,
        functionName: this.#functionNames.names[functionName],
      }),
    ];
  }

  traceback(key: number): Traceback {
    return Traceback.lazy(this, key);
  }

  name(key: number): string {
    const place = `${this.#filenames.names[this.#keys.elementAt(key, 0)]}:${this.#keys.elementAt(key, 1)}`;
    if (this.#keyType !== "function") return place;
    const functionName = this.#functionNames.names[this.#keys.elementAt(key, 2)];
    return `${functionName === "" ? "<unknown>" : functionName} (${place})`;
  }
}
