import { followNumbered } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import type { HeapLines } from "./heap_lines.ts";
import { CLOSURE, INTERNAL_EDGE, OBJECT, REGEXP } from "./node_types.ts";
import { OtherKinds } from "./other_kinds.ts";
import { nestedInGroup, retainedSizes } from "./retained.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";

/** By line, from 1 on. */
export interface LineSizes {
  readonly count: Float64Array;
  readonly selfSize: Float64Array;
  readonly engineSize: Float64Array;
  readonly retainedSize: Float64Array;
  readonly heapSize: number;
  /** What no line pays for. */
  readonly others: OtherKinds;
}

/** What sizes are counted of. */
export interface SizeSources {
  readonly graph: HeapGraph;
  readonly dominator: Uint32Array;
  readonly lines: HeapLines;
  readonly scripts: Scripts;
  /** Whether a node is the tracker's own. */
  readonly isOwn: (node: number) => boolean;
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
function chargeOwners(sources: SizeSources): Omit<LineSizes, "retainedSize"> {
  const { graph, dominator, lines, isOwn, weightOf, isSampled } = sources;
  const { nodeCount, sizes } = graph;
  const { ofNode, places } = lines;
  const [count, selfSize, engineSize] = [0, 0, 0].map(() => new Float64Array(places.length + 1));
  const isProgramShape = isSampled ? shapesOfLines(sources) : null;
  const others = new OtherKinds(graph);
  let heapSize = 0;
  // The line that pays; a node's dominator comes before it. Beyond the lines: the tracker, and objects that are not followed.
  const owner = new Uint32Array(nodeCount);
  const tracker = places.length + 1;
  const unfollowed = places.length + 2;
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
    const above = dominator[node];
    const pays = isOwn(node) ? tracker : isProgramShape?.(node) ? unfollowed : owner[above];
    owner[node] = pays;
    if (pays === tracker) others.addTrackers(node, size);
    else if (pays === 0) others.add(node, size);
    else if (pays !== unfollowed) {
      if (ownerWeight !== null) ownerWeight[node] = ownerWeight[above];
      engineSize[pays] += size * (ownerWeight === null ? 1 : ownerWeight[node]);
    }
  }
  return { count, selfSize, engineSize, heapSize, others };
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

/**
 * Whether a node without a line is one of the program's that is not followed: of a shape that nodes have which stand for others. All functions
 * have one shape, and V8 tells where they come from.
 */
function shapesOfLines({
  graph,
  lines: { ofNode },
  weightOf,
  scripts,
}: SizeSources): (node: number) => boolean {
  const map = graph.strings.indexOf("map");
  const shapeOf = (node: number): number => followNumbered(graph, node, INTERNAL_EDGE, map);
  const shapes = new Set<number>();
  for (let node = 0; node < graph.nodeCount; node++)
    if (ofNode[node] !== 0 && weightOf(node) > 1) shapes.add(shapeOf(node));
  shapes.delete(-1);
  return (node) => {
    const kind = kindOf(graph, node);
    if ((kind !== OBJECT && kind !== CLOSURE && kind !== REGEXP) || !shapes.has(shapeOf(node))) return false;
    return kind !== CLOSURE || !isRuntimes(scripts.scriptOf(node));
  };
}
