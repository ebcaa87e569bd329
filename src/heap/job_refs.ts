import { edgeKind, edgeName, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf, nameOf, SET_ASIDE } from "./heap_graph.ts";
import { INTERNAL_EDGE, SYNTHETIC } from "./node_types.ts";

/**
 * The edge to V8's list of what WeakRefs have given out in the running job, which it keeps until the job ends; -1: there is none. Snapshots ask
 * the WeakRefs of what is followed, so that in a heap that is written in the same job this list has a short way to every one of these objects.
 */
export function jobRefs(graph: HeapGraph): number {
  let found = -1;
  for (let node = 0; node < graph.nodeCount && found === -1; node++) {
    if (kindOf(graph, node) !== SYNTHETIC || nameOf(graph, node) !== "(Strong root list)") continue;
    someEdge(graph, node, (edge) => {
      if (edgeKind(graph, edge) !== INTERNAL_EDGE) return false;
      if (graph.strings.at(edgeName(graph, edge)) !== "weak_refs_keep_during_job") return false;
      found = edge;
      return true;
    });
  }
  return found;
}

/** For retained sizes: that list keeps nothing for long. */
export function setAsideJobRefs(graph: HeapGraph): void {
  const list = jobRefs(graph);
  if (list === -1) return;
  someEdge(graph, graph.targets[list], (edge) => {
    graph.edges[edge] |= SET_ASIDE;
  });
}
