import { edgeKind, someEdge } from "./edges.ts";
import { type HeapGraph, SET_ASIDE } from "./heap_graph.ts";
import { WEAK_EDGE } from "./node_types.ts";

interface Holding {
  readonly dominator: Uint32Array;
  /** By node: its row + 1 where the program made it, else 0. */
  readonly rowOf: Uint32Array;
  /** By node: 1 where the tracker counts it with what it belongs to. */
  readonly isPart: Uint8Array;
  /** By node: its row + 1 where it is likely to be the program's; null: all that are bear a mark. */
  readonly likely: Uint32Array | null;
  /** Whether it is known of a node neither who made it nor who counts it. */
  readonly isOpen: (node: number) => boolean;
}

/**
 * By node: the row (+ 1) of the nearest of the program's objects, where only these lead to it, but no single one does: what `events.on` gives is held by whoever
 * asked and by the emitter. 0: something else has it as well, the runtime or a variable of a module.
 */
export function heldByProgram(
  graph: HeapGraph,
  { dominator, rowOf, isPart, likely, isOpen }: Holding,
): Uint32Array<ArrayBuffer> {
  const isPrograms = (node: number): boolean => rowOf[node] !== 0 || (likely?.[node] ?? 0) !== 0;
  const others = reached(graph, isPrograms);
  const rows = new Uint32Array(graph.nodeCount);
  const waiting = new Uint32Array(graph.nodeCount);
  let count = 0;
  for (let node = 1; node < graph.nodeCount; node++) if (rowOf[node] !== 0) waiting[count++] = node;
  for (let i = 0; i < count; i++) {
    const node = waiting[i];
    const row = rowOf[node] || rows[node];
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      if (edgeKind(graph, edge) === WEAK_EDGE || rows[target] !== 0 || others[target] === 1) return;
      if (isPrograms(target)) return;
      // Elements, properties and tables lead on to what an object has; variables that many functions share do not.
      if (isPart[target] === 0 ? !isOpen(target) : dominator[target] !== node) return;
      rows[target] = row;
      waiting[count++] = target;
    });
  }
  return rows;
}

/** By node: 1 where a way leads there past the program's objects. */
export function reached(graph: HeapGraph, isPrograms: (node: number) => boolean): Uint8Array<ArrayBuffer> {
  const isReached = new Uint8Array(graph.nodeCount);
  const waiting = new Uint32Array(graph.nodeCount);
  let count = 1;
  isReached[0] = 1;
  for (let i = 0; i < count; i++)
    someEdge(graph, waiting[i], (edge) => {
      const target = graph.targets[edge];
      if (isReached[target] === 1 || (graph.edges[edge] & SET_ASIDE) !== 0 || isPrograms(target)) return;
      if (edgeKind(graph, edge) === WEAK_EDGE) return;
      isReached[target] = 1;
      waiting[count++] = target;
    });
  return isReached;
}
