import type { HeapGraph } from "./heap_graph.ts";
import type { HeapLines } from "./heap_lines.ts";
import { PathShapes, type PathSources } from "./path_shapes.ts";

/** Gives the line that made a node, from 1 on; 0: none is known. */
export type LineOf = (node: number) => number;

/**
 * In the sampled modes most objects of a busy line bear no mark. One that is held as marked ones are that stand for others, and is of their
 * type, is taken for one of the line that most of these are of: else the ways of one leak would be as many as there are
 * combinations of objects that are followed and objects that are not.
 */
export function likelyLines(
  graph: HeapGraph,
  {
    lines: { ofNode },
    weightOf,
    ...sources
  }: Omit<PathSources, "graph" | "lineOf" | "keys"> & {
    readonly lines: HeapLines;
    readonly weightOf: (node: number) => number;
  },
): LineOf {
  // As if nothing bore a mark: what is followed and what is not has the same shapes then.
  const shapes = new PathShapes({ ...sources, graph, lineOf: () => 0, keys: false });
  const weights = new Map<number, Map<number, number>>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (ofNode[node] === 0) continue;
    const weight = weightOf(node);
    // Where all are followed, what bears no mark is another's.
    const shape = weight > 1 ? shapes.of(node) : -1;
    if (shape === -1) continue;
    let ofShape = weights.get(shape);
    if (ofShape === undefined) weights.set(shape, (ofShape = new Map()));
    ofShape.set(ofNode[node], (ofShape.get(ofNode[node]) ?? 0) + weight);
  }
  const likely = new Map<number, number>();
  for (const [shape, ofShape] of weights) {
    const [[line]] = [...ofShape].sort(([, a], [, b]) => b - a);
    likely.set(shape, line);
  }
  if (likely.size === 0) return (node) => ofNode[node];
  return (node) => (ofNode[node] !== 0 ? ofNode[node] : (likely.get(shapes.of(node)) ?? 0));
}
