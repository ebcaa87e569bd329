import type { SizeColumn } from "./heap_graph.ts";

/** By node: its own bytes and those of all nodes that go with it. */
export function retainedSizes(dominator: Uint32Array, sizes: SizeColumn): Float64Array<ArrayBuffer> {
  const retained = new Float64Array(dominator.length);
  for (let node = 0; node < retained.length; node++) retained[node] = sizes.at(node);
  for (let node = retained.length - 1; node > 0; node--) retained[dominator[node]] += retained[node];
  return retained;
}

/**
 * By node: 1 where another node of its group dominates it, so that what they retain together is counted once.
 *
 * @param groups By node; 0: of none.
 */
export function nestedInGroup(
  dominator: Uint32Array,
  groups: Uint32Array,
  groupCount: number,
): Uint8Array<ArrayBuffer> {
  const nodeCount = dominator.length;
  const nested = new Uint8Array(nodeCount);
  const firstChild = new Uint32Array(nodeCount);
  const nextSibling = new Uint32Array(nodeCount);
  for (let node = nodeCount - 1; node > 0; node--) {
    nextSibling[node] = firstChild[dominator[node]];
    firstChild[dominator[node]] = node;
  }
  const open = new Uint32Array(groupCount + 1);
  // Node 0 is nobody's child: it ends the lists. A node that has been entered has its next child in `firstChild`.
  let node = 0;
  for (;;) {
    const child = firstChild[node];
    if (child !== 0) {
      firstChild[node] = nextSibling[child];
      node = child;
      const group = groups[node];
      if (group !== 0 && open[group]++ > 0) nested[node] = 1;
      continue;
    }
    if (node === 0) return nested;
    if (groups[node] !== 0) open[groups[node]]--;
    node = dominator[node];
  }
}
