import { edgeKind, edgeName, someEdge } from "./edges.ts";
import { numberOf } from "./find_marks.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import { INTERNAL_EDGE, NUMBER, PROPERTY_EDGE, STRING } from "./node_types.ts";

const LONGEST = 60;

/** The key under which an edge leads to what is shown as `[key]`; null: it cannot be told. For who has asked for keys that are data. */
export function dataKey(graph: HeapGraph, from: number, edge: number): string | null {
  const name = edgeName(graph, edge);
  if (edgeKind(graph, edge) === PROPERTY_EDGE) return quoted(graph.strings.at(name));
  if (edgeKind(graph, edge) !== INTERNAL_EDGE) return null;
  // In the table of a Map the key stands before its value.
  const index = graph.strings.at(name);
  if (!/^\d+$/.test(index)) return null;
  const before = String(Number(index) - 1);
  let key: string | null = null;
  someEdge(graph, from, (other) => {
    if (edgeKind(graph, other) !== INTERNAL_EDGE || graph.strings.at(edgeName(graph, other)) !== before)
      return false;
    key = keyText(graph, graph.targets[other]);
    return true;
  });
  return key;
}

function keyText(graph: HeapGraph, node: number): string | null {
  const kind = kindOf(graph, node);
  if (kind === STRING) return quoted(nameOf(graph, node));
  const number = kind === NUMBER ? numberOf(graph, node) : null;
  return number === null ? null : String(number);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
