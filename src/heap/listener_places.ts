import { edgeKind, followNumbered, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import { ELEMENT_EDGE, INTERNAL_EDGE, OBJECT, PROPERTY_EDGE, SHAPE } from "./node_types.ts";

/** Bytes of a place in a list. */
const PLACE = 8;

/**
 * Takes the places of listeners off the lists that emitters keep: they count with the listeners (domain 4), on the lines that added these. The list itself goes
 * with the emitter, which may stand on another line.
 */
export function takeOffListenerPlaces(graph: HeapGraph): void {
  const { strings, sizes, targets } = graph;
  const [events, elements] = ["_events", "elements"].map((name) => strings.indexOf(name));
  if (events === -1 || elements === -1) return;
  for (let node = 1; node < graph.nodeCount; node++) {
    if (kindOf(graph, node) !== OBJECT) continue;
    const lists = followNumbered(graph, node, PROPERTY_EDGE, events);
    if (lists === -1) continue;
    someEdge(graph, lists, (edge) => {
      if (edgeKind(graph, edge) !== PROPERTY_EDGE && edgeKind(graph, edge) !== ELEMENT_EDGE) return;
      const list = targets[edge];
      const stored =
        kindOf(graph, list) === OBJECT ? followNumbered(graph, list, INTERNAL_EDGE, elements) : -1;
      if (stored === -1) return;
      let places = 0;
      someEdge(graph, stored, (place) => {
        if (edgeKind(graph, place) === INTERNAL_EDGE && kindOf(graph, targets[place]) !== SHAPE) places++;
      });
      sizes.set(stored, Math.max(0, sizes.at(stored) - PLACE * places));
    });
  }
}
