import { edgeKind, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import { CLOSURE, OBJECT, REGEXP, WEAK_EDGE } from "./node_types.ts";

/** What more of the program's objects have is shared by them. */
const MOST_HOLDERS = 3;

interface Holders {
  readonly dominator: Uint32Array;
  /** By node: its row + 1 where the program made it, else 0. */
  readonly rowOf: Uint32Array;
  /** By node: 1 where the tracker counts it with what it belongs to. */
  readonly isPart: Uint8Array;
  /** Whether it is known of a node neither who made it nor who counts it. */
  readonly isOpen: (node: number) => boolean;
}

/**
 * By node: the row (+ 1) of one of the program's objects that hold it themselves, where these are few, and it would die with another one only,
 * that is far away: a cache which has all of them. 0: there is none such.
 */
export function nearestHolders(
  graph: HeapGraph,
  { dominator, rowOf, isPart, isOpen }: Holders,
): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(graph.nodeCount);
  const counts = new Uint8Array(graph.nodeCount);
  const isNear = new Uint8Array(graph.nodeCount);
  const visit = (node: number, row: number): void => {
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      if (edgeKind(graph, edge) === WEAK_EDGE || rowOf[target] !== 0) return;
      if (isPart[target] !== 0) return;
      const kind = kindOf(graph, target);
      if ((kind !== OBJECT && kind !== CLOSURE && kind !== REGEXP) || !isOpen(target)) return;
      if (dominator[target] === node) isNear[target] = 1;
      if (counts[target] <= MOST_HOLDERS) counts[target]++;
      if (rows[target] === 0) rows[target] = row;
    });
  };
  for (let node = 1; node < graph.nodeCount; node++) {
    const row = rowOf[node];
    if (row !== 0) visit(node, row);
    // Elements, properties and tables lead on to what an object has.
    else if (isPart[node] === 1 && rowOf[dominator[node]] !== 0) visit(node, rowOf[dominator[node]]);
  }
  for (let node = 1; node < rows.length; node++)
    if (isNear[node] === 1 || counts[node] > MOST_HOLDERS) rows[node] = 0;
  return rows;
}
