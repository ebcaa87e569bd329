// Browser compatible.
import { type Children, childrenOf } from "../../call_tree/children.ts";

/** The children of each node of a tree, the widest first. They are put in order when they are asked for: few are drawn. */
export class ChildLists {
  readonly #width: Float64Array;
  readonly #children: Children;
  readonly #isSorted: Uint8Array;

  /** @param parent per node; that of node 0, the root, is not looked at */
  constructor(parent: Int32Array, width: Float64Array) {
    this.#width = width;
    this.#children = childrenOf(parent);
    this.#isSorted = new Uint8Array(parent.length);
  }

  /** How many children a node has. */
  count(node: number): number {
    const { start } = this.#children;
    return start[node + 1] - start[node];
  }

  of(node: number): Int32Array {
    const { start, list } = this.#children;
    const own = list.subarray(start[node], start[node + 1]);
    if (this.#isSorted[node] === 0) {
      this.#isSorted[node] = 1;
      const width = this.#width;
      own.sort((a, b) => width[b] - width[a] || a - b);
    }
    return own;
  }
}
