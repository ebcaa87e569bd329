import { followNumbered } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import type { HeapLines } from "./heap_lines.ts";
import { CLOSURE, CODE, INTERNAL_EDGE, OBJECT, REGEXP, SHAPE } from "./node_types.ts";
import { OtherKinds } from "./other_kinds.ts";
import { nestedInGroup, retainedSizes } from "./retained.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";
import { addTo } from "./sums.ts";

/** By line, from 1 on. */
export interface LineSizes {
  readonly count: Float64Array;
  readonly selfSize: Float64Array;
  readonly engineSize: Float64Array;
  /** Of the engine's, what is no code: what comes with use, and not by being compiled. */
  readonly engineData: Float64Array;
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
 * What has no line is charged to the nearest dominator that has one. In the sampled modes some of it are objects of the program's that are not
 * followed: others stand for these, with what they hold, and they are charged to nobody.
 */
function chargeOwners(sources: SizeSources): Omit<LineSizes, "retainedSize"> {
  const { graph, dominator, lines, isOwn, weightOf, isSampled } = sources;
  const { nodeCount, sizes } = graph;
  const { ofNode, places } = lines;
  const [count, selfSize, engineSize, engineData] = [0, 0, 0, 0].map(
    () => new Float64Array(places.length + 1),
  );
  const unfollowed = isSampled ? unfollowedShares(sources) : null;
  const others = new OtherKinds(graph);
  let heapSize = 0;
  // The line that pays, and how often; a node's dominator comes before it.
  const owner = new Uint32Array(nodeCount);
  const tracker = places.length + 1;
  const times = isSampled ? new Float32Array(nodeCount).fill(1) : null;
  for (let node = 0; node < nodeCount; node++) {
    const size = sizes.at(node);
    heapSize += size;
    const line = ofNode[node];
    if (line !== 0) {
      const weight = weightOf(node);
      owner[node] = line;
      if (times !== null) times[node] = weight;
      count[line] += weight;
      selfSize[line] += size * weight;
      continue;
    }
    const above = dominator[node];
    const pays = isOwn(node) ? tracker : owner[above];
    owner[node] = pays;
    let charged = size;
    if (times !== null) charged *= times[node] = times[above] * (1 - unfollowed!(node));
    if (pays === tracker) others.addTrackers(node, size);
    else if (pays === 0) others.add(node, charged);
    else {
      engineSize[pays] += charged;
      const kind = kindOf(graph, node);
      if (kind !== CODE && kind !== SHAPE) engineData[pays] += charged;
    }
  }
  return { count, selfSize, engineSize, engineData, heapSize, others };
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
 * How likely a node without a line is one of the program's objects that are not followed: of its shape there are so many nodes without a line, and
 * so many that others stand for. (All functions have one shape, all arrays have few; V8 tells where functions come from.)
 */
function unfollowedShares({
  graph,
  lines: { ofNode },
  weightOf,
  isOwn,
  scripts,
}: SizeSources): (node: number) => number {
  const map = graph.strings.indexOf("map");
  const shapeOf = (node: number): number => followNumbered(graph, node, INTERNAL_EDGE, map);
  const missing = new Map<number, number>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (ofNode[node] === 0) continue;
    const weight = weightOf(node);
    if (weight <= 1) continue;
    const shape = shapeOf(node);
    if (shape !== -1) addTo(missing, shape, weight - 1);
  }
  if (missing.size === 0) return () => 0;
  const candidateShape = (node: number): number => {
    const kind = kindOf(graph, node);
    if (ofNode[node] !== 0 || (kind !== OBJECT && kind !== CLOSURE && kind !== REGEXP)) return -1;
    const shape = shapeOf(node);
    if (!missing.has(shape) || isOwn(node)) return -1;
    return kind === CLOSURE && isRuntimes(scripts.scriptOf(node)) ? -1 : shape;
  };
  const found = new Map<number, number>();
  for (let node = 0; node < graph.nodeCount; node++) {
    const shape = candidateShape(node);
    if (shape !== -1) addTo(found, shape, 1);
  }
  return (node) => {
    const shape = candidateShape(node);
    return shape === -1 ? 0 : Math.min(1, missing.get(shape)! / found.get(shape)!);
  };
}
