// Browser compatible.

/** The children of each node of a tree, the widest first. They are put in order when they are asked for: few are drawn. */
export class ChildLists {
  readonly #width: Float64Array;
  /** Children of `node`: `#children[#start[node]] … #children[#start[node + 1] - 1]`. */
  readonly #start: Int32Array;
  readonly #children: Int32Array;
  readonly #isSorted: Uint8Array;

  /** @param parent per node; that of node 0, the root, is not looked at */
  constructor(parent: Int32Array, width: Float64Array) {
    this.#width = width;
    const start = new Int32Array(parent.length + 1);
    for (let node = 1; node < parent.length; node++) start[parent[node] + 1]++;
    for (let node = 0; node < parent.length; node++) start[node + 1] += start[node];
    const next = start.slice();
    this.#start = start;
    this.#children = new Int32Array(Math.max(0, parent.length - 1));
    for (let node = 1; node < parent.length; node++) this.#children[next[parent[node]]++] = node;
    this.#isSorted = new Uint8Array(parent.length);
  }

  /** How many children a node has. */
  count(node: number): number {
    return this.#start[node + 1] - this.#start[node];
  }

  of(node: number): Int32Array {
    const own = this.#children.subarray(this.#start[node], this.#start[node + 1]);
    if (this.#isSorted[node] === 0) {
      this.#isSorted[node] = 1;
      const width = this.#width;
      own.sort((a, b) => width[b] - width[a] || a - b);
    }
    return own;
  }
}
