// Browser compatible.

import type { FrameColumns } from "../model/columns.ts";
import { IntSequences } from "../pprof/int_sequences.ts";
import type { ReadLimits } from "../pprof/limits.ts";

/** A function of a profile: lines and columns begin at 1; 0: unknown. */
export interface ProfileFrame {
  readonly functionName: string;
  readonly filename: string;
  readonly lineno: number;
  readonly column: number;
}

/** The distinct functions of a profile, numbered in the order of their first appearance. */
export class ProfileFrames {
  readonly #limits: ReadLimits;
  readonly #fail: (reason: string) => never;
  readonly #filenames = new Map<string, number>();
  readonly #functionNames = new Map<string, number>();
  /** `[filename, line, column, functionName]` */
  readonly #frames = new IntSequences();
  readonly #row = new Int32Array(4);

  constructor(limits: ReadLimits, fail: (reason: string) => never) {
    this.#limits = limits;
    this.#fail = fail;
  }

  /** V8 has no name for functions without one; what is the engine's own (`(V8 API)`, `(GC)`) has a name and no file. */
  number({ functionName, filename, lineno, column }: ProfileFrame): number {
    const name = functionName === "" || functionName === "(anonymous)" ? "<anonymous>" : functionName;
    this.#row[0] = this.#intern(this.#filenames, filename === "" ? "<unknown>" : filename);
    this.#row[1] = lineno;
    this.#row[2] = column;
    this.#row[3] = this.#intern(this.#functionNames, name);
    return this.#frames.intern(this.#row, 4);
  }

  #intern(names: Map<string, number>, name: string): number {
    let number = names.get(name);
    if (number === undefined) {
      const { entries } = this.#limits;
      if (names.size === entries)
        this.#fail(`more than ${entries} names, the most that is read of a file of this size`);
      names.set(name, (number = names.size));
    }
    return number;
  }

  /** Whether a frame is the root that V8 puts above all calls. */
  isRoot(frame: number): boolean {
    const at = frame * 4;
    const { data } = this.#frames;
    return (
      data[at] === this.#filenames.get("<unknown>") && data[at + 3] === this.#functionNames.get("(root)")
    );
  }

  columns(): FrameColumns {
    const { data, size: length } = this.#frames;
    const column = (place: number): Int32Array =>
      Int32Array.from({ length }, (_, frame) => data[frame * 4 + place]);
    return {
      filenames: [...this.#filenames.keys()],
      functionNames: [...this.#functionNames.keys()],
      filename: column(0),
      lineno: column(1),
      column: column(2),
      functionName: column(3),
      // The place that V8 gives is that of the function.
      functionLine: column(1),
    };
  }
}
