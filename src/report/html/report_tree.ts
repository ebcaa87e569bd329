// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import { NameTable } from "../../tables/name_table.ts";
import { packageOf } from "../../vocabulary/package_of.ts";
import { type CallFrames, CallTreeBuilder } from "../call_tree/call_tree_builder.ts";
import { IntPairs } from "../call_tree/int_pairs.ts";
import { addRows, type Figures, fillFreed, newFigures, sumsOf } from "./figures.ts";
import { FIGURES } from "./model.ts";

/** All tracebacks of one or two snapshots as one tree, and what was allocated at its nodes. */
export interface CallTree {
  readonly filenames: readonly string[];
  readonly functionNames: readonly string[];
  readonly types: readonly string[];
  readonly packages: readonly string[];
  /** By file: index into `packages`. */
  readonly packageOfFile: Int32Array;
  readonly frames: CallFrames;
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

class TreeBuilder {
  readonly #types = new NameTable();
  readonly #tree = new CallTreeBuilder({ level: "line and declaration", older: true });
  /** `[node, type]` */
  readonly #entries = new IntPairs();
  readonly #figures: Figures;
  #first = 0;

  constructor(snapshots: readonly SnapshotColumns[]) {
    const rows = snapshots.reduce((sum, { blocks }) => sum + blocks.size.length, 0);
    this.#figures = newFigures(rows, FIGURES.length * snapshots.length);
  }

  add(snapshot: SnapshotColumns): void {
    const { type } = snapshot.blocks;
    const nodes = this.#tree.add(snapshot);
    const types = this.#types.internAll(snapshot.types);
    const to = new Int32Array(type.length);
    for (let row = 0; row < to.length; row++) {
      to[row] = this.#entries.number(nodes[row], types[type[row]]);
    }
    addRows(this.#figures, snapshot, { to, first: this.#first });
    this.#first += FIGURES.length;
  }

  finish(): CallTree {
    const { parent, frame } = this.#tree.columns();
    parent[0] = 0;
    const entries = this.#entries.first.copy();
    const figures = this.#figures.map((column) => column.subarray(0, entries.length));
    fillFreed(figures);
    const packages = new NameTable();
    const packageOfFile = packages.internAll(this.#tree.frames.filenames.names.map(packageOf));
    return {
      filenames: this.#tree.frames.filenames.names,
      functionNames: this.#tree.frames.functionNames.names,
      types: this.#types.names,
      packages: packages.names,
      packageOfFile,
      frames: this.#tree.frames,
      parent,
      frame,
      node: entries,
      type: this.#entries.second.copy(),
      figures,
      totals: sumsOf(figures),
    };
  }
}
