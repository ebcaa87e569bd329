import { followNumbered } from "./edges.ts";
import type { FoundMarks } from "./find_marks.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
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

/** What sizes are counted of. */
export interface SizeSources {
  readonly graph: HeapGraph;
  readonly dominator: Uint32Array;
  readonly lines: HeapLines;
  readonly marks: FoundMarks;
  /** For how many objects one of a line stands. */
  readonly weightOf: (node: number) => number;
  /** Whether there are objects that bear no mark though a line of the program made them. */
  readonly isSampled: boolean;
}

/** What each line's objects take, what the engine and the host made for them, and what goes with them. */
export function lineSizes(sources: SizeSources): LineSizes {
  const charged = chargeOwners(sources);
  const { selfSize, engineSize } = charged;
  const retainedSize = retainedByLine(sources);
  // An object that stands for others says nothing of what these retain.
  if (sources.isSampled)
    for (let line = 1; line < retainedSize.length; line++)
      retainedSize[line] = Math.max(retainedSize[line], selfSize[line] + engineSize[line]);
  return { ...charged, retainedSize };
}

/**
 * What has no line is charged to the nearest dominator that has one. In the sampled modes what is of a shape that marked objects have is taken for
 * one of the program's that bears no mark, not for the engine's.
 */
function chargeOwners({
  graph,
  dominator,
  lines,
  marks,
  weightOf,
  isSampled,
}: SizeSources): Omit<LineSizes, "retainedSize"> {
  const { nodeCount, sizes } = graph;
  const { ofNode, places } = lines;
  const [count, selfSize, engineSize] = [0, 0, 0].map(() => new Float64Array(places.length + 1));
  const isProgramShape = isSampled ? shapesOfLines(graph, ofNode) : null;
  let heapSize = 0;
  // The line that pays; a node's dominator comes before it.
  const owner = new Uint32Array(nodeCount);
  const ownerWeight = isSampled ? new Float32Array(nodeCount) : null;
  for (let node = 0; node < nodeCount; node++) {
    const size = sizes.at(node);
    heapSize += size;
    const line = ofNode[node];
    if (line !== 0) {
      const weight = weightOf(node);
      owner[node] = line;
      if (ownerWeight !== null) ownerWeight[node] = weight;
      count[line] += weight;
      selfSize[line] += size * weight;
      continue;
    }
    if (marks.isToken[node] === 1 || isProgramShape?.(node)) continue;
    const above = dominator[node];
    owner[node] = owner[above];
    if (ownerWeight !== null) ownerWeight[node] = ownerWeight[above];
    engineSize[owner[node]] += size * (ownerWeight === null ? 1 : ownerWeight[node]);
  }
  engineSize[0] = 0;
  return { count, selfSize, engineSize, heapSize };
}

/** What would be gone with all objects of a line, nothing twice. */
function retainedByLine({
  graph: { sizes },
  dominator,
  lines: { ofNode, places },
}: SizeSources): Float64Array {
  const nested = nestedInGroup(dominator, ofNode, places.length);
  const retained = retainedSizes(dominator, sizes);
  const sums = new Float64Array(places.length + 1);
  for (let node = 0; node < retained.length; node++)
    if (ofNode[node] !== 0 && nested[node] === 0) sums[ofNode[node]] += retained[node];
  return sums;
}

/** Whether a node without a line is of a shape that nodes with one have. */
function shapesOfLines(graph: HeapGraph, ofNode: Uint32Array): (node: number) => boolean {
  const map = graph.strings.indexOf("map");
  const shapeOf = (node: number): number => followNumbered(graph, node, INTERNAL_EDGE, map);
  const shapes = new Set<number>();
  for (let node = 0; node < graph.nodeCount; node++) if (ofNode[node] !== 0) shapes.add(shapeOf(node));
  shapes.delete(-1);
  return (node) => {
    const kind = kindOf(graph, node);
    return (kind === OBJECT || kind === CLOSURE || kind === REGEXP) && shapes.has(shapeOf(node));
  };
}
