import type { DominatedGraph } from "./dominators.ts";
import { edgeKind, edgeName, someEdge } from "./edges.ts";
import type { FoundMarks } from "./find_marks.ts";
import { kindOf } from "./heap_graph.ts";
import type { HeapLines } from "./heap_lines.ts";
import { CLOSURE, INTERNAL_EDGE, OBJECT, REGEXP } from "./node_types.ts";
import { nestedInGroup, retainedSizes } from "./retained.ts";

/** By line, from 1 on. */
export interface LineSizes {
  readonly count: Float64Array;
  readonly selfSize: Float64Array;
  readonly engineSize: Float64Array;
  readonly retainedSize: Float64Array;
  readonly heapSize: number;
}

/**
 * What each line's objects take, what the engine and the host made for them, and what goes with them.
 *
 * What has no line is charged to the nearest dominator that has one. In adaptive mode an object stands for others that bear no mark: what
 * is of a shape that marked objects have is taken for one of those, not for the engine's.
 */
export function lineSizes(graph: DominatedGraph, lines: HeapLines, marks: FoundMarks): LineSizes {
  const { nodeCount, dominator, sizes } = graph;
  const { ofNode } = lines;
  const lineCount = lines.places.length;
  const count = new Float64Array(lineCount + 1);
  const selfSize = new Float64Array(lineCount + 1);
  const engineSize = new Float64Array(lineCount + 1);
  const retainedSize = new Float64Array(lineCount + 1);
  const { weights } = marks;
  const isSampled = weights.size > 0;
  const isProgramShape = isSampled ? shapesOfLines(graph, ofNode) : null;
  const nested = nestedInGroup(dominator, ofNode, lineCount);
  let heapSize = 0;
  // The line that pays, in `owner`; a node's dominator comes before it.
  const owner = new Uint32Array(nodeCount);
  const ownerWeight = isSampled ? new Float32Array(nodeCount) : null;
  for (let node = 0; node < nodeCount; node++) {
    const size = sizes.at(node);
    heapSize += size;
    const line = ofNode[node];
    if (line !== 0) {
      const weight = isSampled ? (weights.get(node) ?? 1) : 1;
      owner[node] = line;
      if (ownerWeight !== null) ownerWeight[node] = weight;
      count[line] += weight;
      selfSize[line] += size * weight;
      continue;
    }
    if (marks.isToken(node)) continue;
    const above = dominator[node];
    if (isProgramShape?.(node)) continue;
    owner[node] = owner[above];
    if (ownerWeight !== null) ownerWeight[node] = ownerWeight[above];
    engineSize[owner[node]] += size * (ownerWeight === null ? 1 : ownerWeight[node]);
  }
  engineSize[0] = 0;
  const retained = retainedSizes(dominator, sizes);
  for (let node = 0; node < nodeCount; node++)
    if (ofNode[node] !== 0 && nested[node] === 0) retainedSize[ofNode[node]] += retained[node];
  if (isSampled)
    for (let line = 1; line <= lineCount; line++)
      retainedSize[line] = Math.max(retainedSize[line], selfSize[line] + engineSize[line]);
  return { count, selfSize, engineSize, retainedSize, heapSize };
}

/** Whether a node without a line is of a shape that nodes with one have. */
function shapesOfLines(graph: DominatedGraph, ofNode: Uint32Array): (node: number) => boolean {
  const map = graph.strings.indexOf("map");
  const shapeOf = (node: number): number => {
    let shape = -1;
    someEdge(graph, node, (edge) => {
      if (edgeName(graph, edge) !== map || edgeKind(graph, edge) !== INTERNAL_EDGE) return false;
      shape = graph.targets[edge];
      return true;
    });
    return shape;
  };
  const shapes = new Set<number>();
  for (let node = 0; node < graph.nodeCount; node++) if (ofNode[node] !== 0) shapes.add(shapeOf(node));
  shapes.delete(-1);
  return (node) => {
    const kind = kindOf(graph, node);
    return (kind === OBJECT || kind === CLOSURE || kind === REGEXP) && shapes.has(shapeOf(node));
  };
}
