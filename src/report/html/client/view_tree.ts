// Browser compatible.

import { ChildLists } from "./child_lists.ts";
import type { FlameData } from "./flame_data.ts";
import { columnOf, type Selection } from "./measures.ts";

/** How the call tree is to be shown. */
export interface TreeView extends Selection {
  readonly hideDependencies: boolean;
  readonly hideRuntime: boolean;
  /** The lines that allocate come first, and their callers below them. */
  readonly invert: boolean;
}

/** A tree as it is drawn. Node 0 is the root; parents come before their children. */
export interface ViewTree {
  readonly parent: Int32Array;
  /** Index into the model's frames; -1 for the root. */
  readonly frame: Int32Array;
  /** How wide: the figure, or where two snapshots are compared, all that changed, growth and shrinkage. */
  readonly width: Float64Array;
  /** The figure; in a comparison how much it grew. */
  readonly value: Float64Array;
  /** The node's own part of it, without its children's. */
  readonly self: Float64Array;
  readonly children: ChildLists;
}

/** Builds the tree that a view asks for. Frames that are hidden give what they hold to their callers. */
export function viewTree(data: FlameData, view: TreeView): ViewTree {
  const own = ownValues(data, view);
  const { parent, frame } = data.model.tree;
  const isWhole = !view.invert && !view.hideDependencies && !view.hideRuntime;
  if (isWhole) return treeOf(new Int32Array(parent), new Int32Array(frame), own);
  const builder = new ViewBuilder(data, view);
  if (view.invert) builder.addInverted(own);
  else builder.addCallers(own);
  return builder.finish();
}

/** The node that a path of frames leads to; as far as there is one. */
export function nodeAt(tree: ViewTree, path: readonly number[]): number {
  let node = 0;
  for (const frame of path) {
    const child = tree.children.of(node).find((one) => tree.frame[one] === frame);
    if (child === undefined) return node;
    node = child;
  }
  return node;
}

/** The frames from the root to a node. */
export function pathTo(tree: ViewTree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = tree.parent[at]) path.push(tree.frame[at]);
  return path.reverse();
}

/** Per node of the model, what its own line holds; and what of it is smaller callees'. */
function ownValues({ model }: FlameData, { measure, unit, side }: TreeView): Float64Array {
  const { tree } = model;
  const own = new Float64Array(tree.parent.length);
  const add = (which: "new" | "old", sign: number): void => {
    const column = columnOf(measure, unit, which);
    for (const { node, figures } of [tree.entries, tree.rest]) {
      const values = figures[column];
      if (values == null) continue;
      for (let i = 0; i < node.length; i++) own[node[i]] += sign * values[i];
    }
  };
  if (side !== "old") add("new", 1);
  if (side !== "new") add("old", side === "old" ? 1 : -1);
  return own;
}

/** Where every call of a deep recursion allocates, the inverted paths are as many as the square of its depth. */
const MOST_INVERTED_DEPTH = 1000;
const MOST_INVERTED_NODES = 2 ** 18;

class ViewBuilder {
  readonly #data: FlameData;
  readonly #hidden: readonly boolean[];
  readonly #parent: number[] = [0];
  readonly #frame: number[] = [-1];
  readonly #value: number[] = [0];
  readonly #known = new Map<number, number>();
  readonly #frames: number;

  constructor(data: FlameData, { hideDependencies, hideRuntime }: TreeView) {
    this.#data = data;
    const { frames } = data.model;
    this.#frames = frames.file.length;
    this.#hidden = frames.file.map((file) => {
      const owner = data.owners[file];
      return (hideDependencies && owner === "dependency") || (hideRuntime && owner === "runtime");
    });
  }

  addCallers(own: Float64Array): void {
    const { parent, frame } = this.#data.model.tree;
    const shown = new Int32Array(parent.length);
    for (let node = 0; node < parent.length; node++) {
      if (node > 0) {
        const above = shown[parent[node]];
        shown[node] = this.#hidden[frame[node]] ? above : this.#child(above, frame[node]);
      }
      this.#add(shown[node], own[node]);
    }
  }

  addInverted(own: Float64Array): void {
    const { parent, frame } = this.#data.model.tree;
    for (let node = 0; node < parent.length; node++) {
      if (own[node] === 0) continue;
      let shown = 0;
      let depth = 0;
      for (let at = node; at > 0; at = parent[at]) {
        if (++depth > MOST_INVERTED_DEPTH || (this.#parent.length > MOST_INVERTED_NODES && depth > 2)) break;
        if (!this.#hidden[frame[at]]) shown = this.#child(shown, frame[at]);
      }
      this.#add(shown, own[node]);
    }
  }

  #child(parent: number, frame: number): number {
    const key = parent * this.#frames + frame;
    let child = this.#known.get(key);
    if (child === undefined) {
      child = this.#parent.push(parent) - 1;
      this.#known.set(key, child);
      this.#frame.push(frame);
      this.#value.push(0);
    }
    return child;
  }

  /** In a comparison, what grew and what shrank at the same place cancel out, and at different places do not. */
  #add(node: number, value: number): void {
    this.#value[node] += value;
  }

  finish(): ViewTree {
    return treeOf(
      Int32Array.from(this.#parent),
      Int32Array.from(this.#frame),
      Float64Array.from(this.#value),
    );
  }
}

/** Adds up what the nodes hold themselves. */
function treeOf(parent: Int32Array, frame: Int32Array, self: Float64Array): ViewTree {
  const value = self.slice();
  const width = self.map(Math.abs);
  for (let node = parent.length - 1; node > 0; node--) {
    value[parent[node]] += value[node];
    width[parent[node]] += width[node];
  }
  return { parent, frame, width, value, self, children: new ChildLists(parent, width) };
}
