import { EDGE_KIND_SHIFT, type HeapGraph, LAST_EDGE, NO_EDGES, nameOf, SET_ASIDE } from "./heap_graph.ts";
import { ELEMENT_EDGE, SHORTCUT_EDGE, WEAK_EDGE } from "./node_types.ts";

/**
 * What the program's global objects lead to is theirs, whoever else holds it: the runtime's own handles, or a debugger. Edges from elsewhere into
 * that are set aside where retained sizes are worked out, as in DevTools. (Before WeakMaps' tables become weak.)
 */
export function setAsideForeignHolders(graph: HeapGraph): void {
  const { nodeCount, edges, targets, firstEdge } = graph;
  const isOwned = new Uint8Array(nodeCount);
  const waiting = new Uint32Array(nodeCount);
  let count = 0;
  const take = (node: number): void => {
    if (isOwned[node] === 1) return;
    isOwned[node] = 1;
    waiting[count++] = node;
  };
  const each = (node: number, visit: (edge: number, kind: number) => void): void => {
    let edge = firstEdge[node];
    if (edge === NO_EDGES) return;
    for (; ; edge++) {
      visit(edge, edges[edge] >>> EDGE_KIND_SHIFT);
      if ((edges[edge] & LAST_EDGE) !== 0) return;
    }
  };
  each(0, (edge, kind) => {
    const isDocuments = kind === ELEMENT_EDGE && nameOf(graph, targets[edge]) === "(Document DOM trees)";
    if (kind === SHORTCUT_EDGE || isDocuments) take(targets[edge]);
  });
  while (count > 0)
    each(waiting[--count], (edge, kind) => {
      if (kind !== WEAK_EDGE) take(targets[edge]);
    });
  for (let node = 1; node < nodeCount; node++) {
    if (isOwned[node] === 1) continue;
    each(node, (edge) => {
      if (isOwned[targets[edge]] === 1) edges[edge] |= SET_ASIDE;
    });
  }
}
