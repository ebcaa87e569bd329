// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import { NameTable } from "../../tables/name_table.ts";
import { SequenceTable } from "../../tables/sequence_table.ts";
import { IntPairs } from "../int_pairs.ts";
import { PathTree } from "../path_tree.ts";
import { addRows, type Figures, fillFreed, newFigures, sumsOf } from "./figures.ts";
import { FIGURES } from "./model.ts";

/** Stands above the oldest frame where older ones were cut off. */
export const OLDER_FRAMES = "(older frames, not kept)";

/** All tracebacks of one or two snapshots as one tree, and what was allocated at its nodes. */
export interface CallTree {
  readonly filenames: readonly string[];
  readonly functionNames: readonly string[];
  readonly types: readonly string[];
  readonly frames: LineFrames;
  /** Per node: its parent, which has a smaller number, and its frame. The root is 0, its own parent, and has frame -1. */
  readonly parent: Int32Array;
  readonly frame: Int32Array;
  /** Per entry: its node, and the type of its blocks. */
  readonly node: Int32Array;
  readonly type: Int32Array;
  readonly figures: Figures;
  /** Sums over everything. */
  readonly totals: readonly number[];
}

/** Puts the tracebacks of the snapshots together, the newest first. */
export function buildCallTree(snapshots: readonly SnapshotColumns[]): CallTree {
  const builder = new TreeBuilder(snapshots);
  for (const snapshot of snapshots) builder.add(snapshot);
  return builder.finish();
}

/** Frames of one line and function, whatever their columns. */
export class LineFrames {
  readonly filenames: NameTable = new NameTable();
  readonly functionNames: NameTable = new NameTable();
  /** `[file, line, function, line of the function]` */
  readonly table: SequenceTable = new SequenceTable();
  /** 0 where several columns share the line. */
  readonly column: number[] = [];

  /** The number of each frame of a snapshot. */
  assign({ frames }: SnapshotColumns): Int32Array {
    const files = this.filenames.internAll(frames.filenames);
    const functions = this.functionNames.internAll(frames.functionNames);
    const sequence = new Int32Array(4);
    return Int32Array.from(frames.lineno, (line, id) => {
      sequence[0] = files[frames.filename[id]];
      sequence[1] = line;
      sequence[2] = functions[frames.functionName[id]];
      sequence[3] = frames.functionLine[id];
      const frame = this.table.intern(sequence);
      if (frame === this.column.length) this.column.push(frames.column[id]);
      else if (this.column[frame] !== frames.column[id]) this.column[frame] = 0;
      return frame;
    });
  }

  older(): number {
    const sequence = Int32Array.of(this.filenames.intern(""), 0, this.functionNames.intern(OLDER_FRAMES), 0);
    const frame = this.table.intern(sequence);
    this.column[frame] = 0;
    return frame;
  }
}

class TreeBuilder {
  readonly #frames = new LineFrames();
  readonly #types = new NameTable();
  readonly #tree = new PathTree();
  /** `[node, type]` */
  readonly #entries = new IntPairs();
  readonly #figures: Figures;
  #first = 0;

  constructor(snapshots: readonly SnapshotColumns[]) {
    const rows = snapshots.reduce((sum, { blocks }) => sum + blocks.size.length, 0);
    this.#figures = newFigures(rows, FIGURES.length * snapshots.length);
  }

  add(snapshot: SnapshotColumns): void {
    const { traceback, type } = snapshot.blocks;
    const nodes = this.#nodesOf(snapshot);
    const types = this.#types.internAll(snapshot.types);
    const to = new Int32Array(traceback.length);
    for (let row = 0; row < to.length; row++) {
      to[row] = this.#entries.number(nodes[traceback[row]], types[type[row]]);
    }
    addRows(this.#figures, snapshot, { to, first: this.#first });
    this.#first += FIGURES.length;
  }

  /** The node of each traceback that has blocks. */
  #nodesOf(snapshot: SnapshotColumns): Int32Array {
    const { tracebacks, blocks, tracebackLimit } = snapshot;
    const { offset, frames, totalNframe } = tracebacks;
    const used = new Uint8Array(offset.length - 1);
    for (const traceback of blocks.traceback) used[traceback] = 1;
    const lines = this.#frames.assign(snapshot);
    // With one frame each, the tree would be a list under a frame that says nothing.
    const older = tracebackLimit > 1 ? this.#frames.older() : -1;
    const tree = this.#tree;
    const nodes = new Int32Array(used.length);
    for (let id = 0; id < used.length; id++) {
      if (used[id] === 0) continue;
      tree.begin();
      if (older !== -1 && totalNframe[id] > offset[id + 1] - offset[id]) tree.push(older);
      for (let at = offset[id]; at < offset[id + 1]; at++) tree.push(lines[frames[at]]);
      nodes[id] = tree.node;
    }
    return nodes;
  }

  finish(): CallTree {
    const { parent, step: frame } = this.#tree.columns();
    parent[0] = 0;
    const entries = this.#entries.first.copy();
    const figures = this.#figures.map((column) => column.subarray(0, entries.length));
    fillFreed(figures);
    return {
      filenames: this.#frames.filenames.names,
      functionNames: this.#frames.functionNames.names,
      types: this.#types.names,
      frames: this.#frames,
      parent,
      frame,
      node: entries,
      type: this.#entries.second.copy(),
      figures,
      totals: sumsOf(figures),
    };
  }
}
