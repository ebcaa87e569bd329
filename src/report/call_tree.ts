// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { newTotals, type Totals } from "../statistics/group.ts";
import { SequenceTable } from "../tables/sequence_table.ts";
import { PathTree } from "./path_tree.ts";

/** What a node of a call tree stands for. */
export interface TreeFrame {
  readonly filename: string;
  /** The line; of a function, that of its declaration. 1-based; 0: unknown. */
  readonly lineno: number;
  readonly functionName: string;
  /** Whether it stands for a line, and not for a function as a whole. */
  readonly isLine: boolean;
}

/**
 * All call paths put together as a tree, in columns. Node 0 is the root, which stands for everything; the number of a
 * parent is below those of its children.
 */
export interface CallTree {
  /** By node; -1 for the root. */
  readonly parent: Int32Array;
  /** Index into `frames` by node; -1 for the root. */
  readonly frame: Int32Array;
  readonly frames: readonly TreeFrame[];
  /** What was allocated by the node itself. */
  readonly self: Totals;
  /** With all that its children allocated. */
  readonly total: Totals;
}

/** How call paths become a tree. */
export interface CallTreeOptions {
  /** What tells nodes apart: the line of each call (the default), or only the function that it is in. */
  readonly level?: "line" | "function";
  /** Whether each path ends in a node of its own for the line that allocated. Default: `false`. */
  readonly leafLines?: boolean;
  /** Whether paths begin with the line that allocated, and its callers follow. Default: `false`. */
  readonly inverted?: boolean;
}

/** The call tree of a snapshot. */
export function callTree(columns: SnapshotColumns, options: CallTreeOptions = {}): CallTree {
  const builder = new Builder(columns, options);
  const { blocks, tracebacks } = columns;
  const leaves = new Int32Array(tracebacks.totalNframe.length).fill(-1);
  const nodeOf = (traceback: number): number =>
    leaves[traceback] === -1 ? (leaves[traceback] = builder.leaf(traceback)) : leaves[traceback];
  const rows = blocks.traceback.map(nodeOf);
  return builder.finish(rows);
}

class Builder {
  readonly #columns: SnapshotColumns;
  readonly #inverted: boolean;
  /** `[filename, line, functionName, whether it is a line]` */
  readonly #keys = new SequenceTable();
  /** By frame. */
  readonly #keyOf: Int32Array;
  readonly #leafKeyOf: Int32Array | undefined;
  readonly #tree = new PathTree();

  constructor(
    columns: SnapshotColumns,
    { level = "line", leafLines = false, inverted = false }: CallTreeOptions,
  ) {
    this.#columns = columns;
    this.#inverted = inverted;
    this.#keyOf = this.#internFrames(level === "line");
    this.#leafKeyOf = leafLines ? this.#internFrames(true) : undefined;
  }

  #internFrames(byLine: boolean): Int32Array {
    const { filename, lineno, functionName, functionLine } = this.#columns.frames;
    const sequence = new Int32Array(4);
    return lineno.map((line, frame) => {
      sequence[0] = filename[frame];
      sequence[1] = byLine ? line : functionLine[frame];
      sequence[2] = functionName[frame];
      sequence[3] = byLine ? 1 : 0;
      return this.#keys.intern(sequence);
    });
  }

  /** The last node of a traceback's path. */
  leaf(traceback: number): number {
    const { offset, frames } = this.#columns.tracebacks;
    const start = offset[traceback];
    const end = offset[traceback + 1];
    const leafKeyOf = this.#leafKeyOf;
    const tree = this.#tree;
    tree.begin();
    if (this.#inverted) for (let at = end - 1; at >= start; at--) tree.push(this.#keyOf[frames[at]]);
    else for (let at = start; at < end; at++) tree.push(this.#keyOf[frames[at]]);
    if (leafKeyOf !== undefined) tree.push(leafKeyOf[frames[end - 1]]);
    return tree.node;
  }

  finish(rows: Int32Array): CallTree {
    const { blocks, frames } = this.#columns;
    const { parent, step: frame } = this.#tree.columns();
    const self = newTotals(parent.length);
    for (let row = 0; row < rows.length; row++) {
      const node = rows[row];
      // Rounded per row, as the statistics do: the figures agree.
      const alive = Math.round(blocks.count[row]);
      self.size[node] += blocks.size[row] * alive;
      self.count[node] += alive;
      self.allocatedSize[node] += blocks.allocatedSize[row];
      self.allocatedCount[node] += blocks.allocatedCount[row];
    }
    return {
      parent,
      frame,
      frames: Array.from({ length: this.#keys.length }, (_, key) => ({
        filename: frames.filenames[this.#keys.elementAt(key, 0)],
        lineno: this.#keys.elementAt(key, 1),
        functionName: frames.functionNames[this.#keys.elementAt(key, 2)],
        isLine: this.#keys.elementAt(key, 3) === 1,
      })),
      self,
      total: totalsOf(self, parent),
    };
  }
}

function totalsOf(self: Totals, parent: Int32Array): Totals {
  const total = (column: Float64Array): Float64Array => {
    const sums = column.slice();
    for (let node = sums.length - 1; node > 0; node--) sums[parent[node]] += sums[node];
    return sums;
  };
  return {
    size: total(self.size),
    count: total(self.count),
    allocatedSize: total(self.allocatedSize),
    allocatedCount: total(self.allocatedCount),
  };
}

/** The children of every node: those of node `i` are `list[start[i]] … list[start[i + 1] - 1]`. */
export interface Children {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** The children of every node, in ascending order. */
export function childrenOf({ parent }: CallTree): Children {
  const start = new Int32Array(parent.length + 1);
  for (let node = 1; node < parent.length; node++) start[parent[node] + 1]++;
  for (let node = 0; node < parent.length; node++) start[node + 1] += start[node];
  const list = new Int32Array(Math.max(0, parent.length - 1));
  const next = start.slice();
  for (let node = 1; node < parent.length; node++) list[next[parent[node]]++] = node;
  return { start, list };
}
