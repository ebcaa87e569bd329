// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import { NameTable } from "../../tables/name_table.ts";
import { SequenceTable } from "../../tables/sequence_table.ts";
import { PathTree } from "./path_tree.ts";

/** Stands above the oldest frame where older ones were cut off. */
export const OLDER_FRAMES = "(older frames, not kept)";

/** What tells the frames of a call tree apart. */
export interface FrameOptions {
  /** Lines, lines with the declaration of their function, or functions alone, whose line is that of their declaration. */
  readonly level: "line" | "line and declaration" | "function";
  /** Whether each path ends in a frame of its own for the line that allocated. Default: `false`. */
  readonly leafLines?: boolean;
  /** Whether paths begin with the line that allocated, and its callers follow. Default: `false`. */
  readonly inverted?: boolean;
  /** Whether paths of which the oldest frames were not kept begin with a frame that says so. Default: `false`. */
  readonly older?: boolean;
}

const FILE = 0;
const LINE = 1;
const FUNCTION = 2;
const FUNCTION_LINE = 3;
const IS_LINE = 4;

/** The frames of a call tree, by number, whatever their columns. */
export class CallFrames {
  readonly filenames: NameTable = new NameTable();
  readonly functionNames: NameTable = new NameTable();
  /** `[file, line, function, line of the function, whether it is a line]` */
  readonly #table = new SequenceTable();
  readonly #sequence = new Int32Array(5);
  /** 0 where several columns share the line. */
  readonly column: number[] = [];

  get length(): number {
    return this.#table.length;
  }

  file(frame: number): number {
    return this.#table.elementAt(frame, FILE);
  }

  /** Of a function as a whole, that of its declaration. */
  line(frame: number): number {
    return this.#table.elementAt(frame, LINE);
  }

  function(frame: number): number {
    return this.#table.elementAt(frame, FUNCTION);
  }

  /** 0 where it tells no frames apart. */
  functionLine(frame: number): number {
    return this.#table.elementAt(frame, FUNCTION_LINE);
  }

  /** Whether it stands for a line, and not for a function as a whole. */
  isLine(frame: number): boolean {
    return this.#table.elementAt(frame, IS_LINE) === 1;
  }

  /** The number of each frame of a snapshot. */
  assign({ frames }: SnapshotColumns, level: FrameOptions["level"]): Int32Array {
    const files = this.filenames.internAll(frames.filenames);
    const functions = this.functionNames.internAll(frames.functionNames);
    const isLine = level !== "function";
    return Int32Array.from(frames.lineno, (line, id) =>
      this.#intern(
        [
          files[frames.filename[id]],
          isLine ? line : frames.functionLine[id],
          functions[frames.functionName[id]],
          level === "line and declaration" ? frames.functionLine[id] : 0,
          isLine ? 1 : 0,
        ],
        frames.column[id],
      ),
    );
  }

  older(): number {
    return this.#intern([this.filenames.intern(""), 0, this.functionNames.intern(OLDER_FRAMES), 0, 1], 0);
  }

  #intern(key: readonly number[], column: number): number {
    this.#sequence.set(key);
    const frame = this.#table.intern(this.#sequence);
    if (frame === this.column.length) this.column.push(column);
    else if (this.column[frame] !== column) this.column[frame] = 0;
    return frame;
  }
}

/** Puts the call paths of snapshots together as one tree: that of the terminal's views, of exports, of reports and of live pages. */
export class CallTreeBuilder {
  readonly frames: CallFrames = new CallFrames();
  readonly #tree = new PathTree();
  readonly #options: FrameOptions;

  constructor(options: FrameOptions) {
    this.#options = options;
  }

  /** Adds a snapshot's paths. The node of each of its rows of blocks: the last one of its path. */
  add(snapshot: SnapshotColumns): Int32Array {
    const { level, leafLines = false } = this.#options;
    const keys = this.frames.assign(snapshot, level);
    const leafKeys = leafLines ? this.frames.assign(snapshot, "line") : undefined;
    // With one frame each, the tree would be a list under a frame that says nothing.
    const older = this.#options.older === true && snapshot.tracebackLimit > 1 ? this.frames.older() : -1;
    const leaves = new Int32Array(snapshot.tracebacks.totalNframe.length).fill(-1);
    return snapshot.blocks.traceback.map((traceback) => {
      if (leaves[traceback] === -1)
        leaves[traceback] = this.#walk(snapshot, traceback, { keys, leafKeys, older });
      return leaves[traceback];
    });
  }

  #walk(
    { tracebacks }: SnapshotColumns,
    traceback: number,
    { keys, leafKeys, older }: { keys: Int32Array; leafKeys: Int32Array | undefined; older: number },
  ): number {
    const { offset, frames, totalNframe } = tracebacks;
    const [start, end] = [offset[traceback], offset[traceback + 1]];
    const tree = this.#tree;
    tree.begin();
    if (older !== -1 && totalNframe[traceback] > end - start) tree.push(older);
    if (this.#options.inverted) for (let at = end - 1; at >= start; at--) tree.push(keys[frames[at]]);
    else for (let at = start; at < end; at++) tree.push(keys[frames[at]]);
    if (leafKeys !== undefined) tree.push(leafKeys[frames[end - 1]]);
    return tree.node;
  }

  /** By node: its parent, whose number is smaller, and its frame; -1 for the root, node 0. */
  columns(): { readonly parent: Int32Array; readonly frame: Int32Array } {
    const { parent, step } = this.#tree.columns();
    return { parent, frame: step };
  }
}
