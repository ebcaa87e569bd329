// Browser compatible.

/** The children of each node of a tree: those of `node` are `list[start[node]] … list[start[node + 1] - 1]`. */
export interface Children {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** @param parent Of each node, in ascending order of the nodes; that of node 0, the root, is not looked at. */
export function childrenOf(parent: Int32Array): Children {
  const start = new Int32Array(parent.length + 1);
  for (let node = 1; node < parent.length; node++) start[parent[node] + 1]++;
  for (let node = 0; node < parent.length; node++) start[node + 1] += start[node];
  const list = new Int32Array(Math.max(0, parent.length - 1));
  const next = start.slice();
  for (let node = 1; node < parent.length; node++) list[next[parent[node]]++] = node;
  return { start, list };
}
