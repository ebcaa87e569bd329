// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import { newTotals, type Totals } from "../../statistics/group.ts";
import { type CallFrames, CallTreeBuilder } from "./call_tree_builder.ts";

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
  const builder = new CallTreeBuilder({ ...options, level: options.level ?? "line" });
  const rows = builder.add(columns);
  const { parent, frame } = builder.columns();
  const self = selfOf(columns, rows, parent.length);
  return { parent, frame, frames: framesOf(builder.frames), self, total: totalsOf(self, parent) };
}

function framesOf(frames: CallFrames): TreeFrame[] {
  return Array.from({ length: frames.length }, (_, frame) => ({
    filename: frames.filenames.names[frames.file(frame)],
    lineno: frames.line(frame),
    functionName: frames.functionNames.names[frames.function(frame)],
    isLine: frames.isLine(frame),
  }));
}

function selfOf({ blocks }: SnapshotColumns, rows: Int32Array, length: number): Totals {
  const self = newTotals(length);
  for (let row = 0; row < rows.length; row++) {
    const node = rows[row];
    // Rounded per row, as the statistics do: the figures agree.
    const alive = Math.round(blocks.count[row]);
    self.size[node] += blocks.size[row] * alive;
    self.count[node] += alive;
    self.allocatedSize[node] += blocks.allocatedSize[row];
    self.allocatedCount[node] += blocks.allocatedCount[row];
  }
  return self;
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
