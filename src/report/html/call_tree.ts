// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/columns.ts";
import { SequenceTable } from "../../snapshot/sequence_table.ts";
import { NameTable } from "../../statistics/key_table.ts";
import { addRows, type Figures, fillFreed, newFigures } from "./figures.ts";
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
  /** `[parent, frame]`; node i + 1. */
  readonly #nodes = new SequenceTable();
  /** `[node, type]` */
  readonly #entries = new SequenceTable();
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
    const pair = new Int32Array(2);
    const to = new Int32Array(traceback.length);
    for (let row = 0; row < to.length; row++) {
      pair[0] = nodes[traceback[row]];
      pair[1] = types[type[row]];
      to[row] = this.#entries.intern(pair);
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
    const path = new Path(this.#nodes);
    const nodes = new Int32Array(used.length);
    for (let id = 0; id < used.length; id++) {
      if (used[id] === 0) continue;
      path.begin();
      if (older !== -1 && totalNframe[id] > offset[id + 1] - offset[id]) path.push(older);
      for (let at = offset[id]; at < offset[id + 1]; at++) path.push(lines[frames[at]]);
      nodes[id] = path.node;
    }
    return nodes;
  }

  finish(): CallTree {
    const length = this.#nodes.length + 1;
    const parent = new Int32Array(length);
    const frame = new Int32Array(length).fill(-1);
    for (let node = 1; node < length; node++) {
      parent[node] = this.#nodes.elementAt(node - 1, 0);
      frame[node] = this.#nodes.elementAt(node - 1, 1);
    }
    const { pool } = this.#entries.columns();
    const entries = this.#entries.length;
    const figures = this.#figures.map((column) => column.subarray(0, entries));
    fillFreed(figures);
    return {
      filenames: this.#frames.filenames.names,
      functionNames: this.#frames.functionNames.names,
      types: this.#types.names,
      frames: this.#frames,
      parent,
      frame,
      node: Int32Array.from({ length: entries }, (_, entry) => pool[entry * 2]),
      type: Int32Array.from({ length: entries }, (_, entry) => pool[entry * 2 + 1]),
      figures,
    };
  }
}

/** Walks down the tree; the part that a traceback shares with the one before it costs no look-up. */
class Path {
  readonly #nodes: SequenceTable;
  readonly #frames: number[] = [];
  readonly #path: number[] = [];
  readonly #pair = new Int32Array(2);
  #depth = 0;
  #known = 0;
  node = 0;

  constructor(nodes: SequenceTable) {
    this.#nodes = nodes;
  }

  begin(): void {
    this.#known = this.#depth;
    this.#depth = 0;
    this.node = 0;
  }

  push(frame: number): void {
    const level = this.#depth++;
    if (level < this.#known && this.#frames[level] === frame) {
      this.node = this.#path[level];
      return;
    }
    this.#known = 0;
    this.#pair[0] = this.node;
    this.#pair[1] = frame;
    this.node = this.#nodes.intern(this.#pair) + 1;
    this.#frames[level] = frame;
    this.#path[level] = this.node;
  }
}
