import { edgeKind, edgeName, followNumbered, someEdge } from "./edges.ts";
import { type FoundMarks, tableNumbers } from "./find_marks.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import { CLOSURE, INTERNAL_EDGE, OBJECT, PROPERTY_EDGE } from "./node_types.ts";
import { ownFunctions, type Scripts } from "./scripts.ts";
import { PairNames } from "./weak_maps.ts";

/** The tracker's own: its functions and what they close over, its marks, and instances of its classes. */
export function ownNodes(graph: HeapGraph, scripts: Scripts, marks: FoundMarks): (node: number) => boolean {
  const own = ownFunctions(graph, scripts, marks.keepers);
  const prototypes = new Set<number>();
  const [prototype, proto] = ["prototype", "__proto__"].map((name) => graph.strings.indexOf(name));
  for (const node of own) {
    if (kindOf(graph, node) !== CLOSURE) continue;
    const target = followNumbered(graph, node, PROPERTY_EDGE, prototype);
    if (target !== -1) prototypes.add(target);
  }
  return (node) => {
    if (marks.own.has(node) || own.has(node) || marks.isToken[node] === 1) return true;
    if (kindOf(graph, node) !== OBJECT) return false;
    return prototypes.has(followNumbered(graph, node, PROPERTY_EDGE, proto));
  };
}

/** What the tracker's WeakMaps keep of objects: V8 has the objects lead to it. */
export function ownValues(graph: HeapGraph, isOwn: (node: number) => boolean): number[] {
  const table = graph.strings.indexOf("table");
  const pairs = new PairNames(graph);
  const maps: number[] = [];
  for (let node = 1; node < graph.nodeCount; node++)
    if (
      kindOf(graph, node) === OBJECT &&
      isOwn(node) &&
      followNumbered(graph, node, INTERNAL_EDGE, table) !== -1
    )
      maps.push(node);
  const tables = tableNumbers(graph, pairs, maps);
  const found: number[] = [];
  for (let node = 1; node < graph.nodeCount; node++)
    someEdge(graph, node, (edge) => {
      const name = edgeName(graph, edge);
      if (edgeKind(graph, edge) !== INTERNAL_EDGE || !pairs.has(name)) return;
      if (tables.has(pairs.tableOf(name))) found.push(graph.targets[edge]);
    });
  return found;
}
