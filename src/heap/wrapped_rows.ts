import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import { CLOSURE, OBJECT } from "./node_types.ts";
import { isEngines } from "./node_words.ts";

/** Steps from an object of the program's to what wraps it. */
const MOST_STEPS = 4;

/** What has more of the program's objects is a list of them. */
const MOST_WRAPPED = 4;

/** Bytes of the variables of a function; those of a module of the runtime's are more. */
const MOST_VARIABLES = 256;

/** Bytes that go with what wraps an object: the runtime's `process` and the global object, which hold one as well, have more. */
const MOST_BESIDE = 8192;

interface Wrapped {
  readonly dominator: Uint32Array;
  /** By node: its row + 1 where the program made it, else 0. */
  readonly rowOf: Uint32Array;
  /** By row: its line, as a number. */
  readonly lines: Int32Array;
  /** Whether it is known of a node neither who made it nor who counts it. */
  readonly isOpen: (node: number) => boolean;
}

/**
 * By node: the row (+ 1) of the program's objects that it wraps, as a listener's record wraps the listener, a timer its function, and a
 * reaction what waits for a promise: these are reached through it alone, and all of one line. 0: it wraps none, or those of several lines.
 */
export function wrappedRows(
  graph: HeapGraph,
  { dominator, rowOf, lines, isOpen }: Wrapped,
): Uint32Array<ArrayBuffer> {
  const { kindAndName } = graph;
  const rows = new Uint32Array(graph.nodeCount);
  const counts = new Uint8Array(graph.nodeCount);
  const beside = sizesBeside(graph, dominator, rowOf);
  const canWrap = (node: number): boolean => {
    if (beside[node] > MOST_BESIDE) return false;
    const kind = kindOf(graph, node);
    if (kind === OBJECT)
      return !isEngines(nameOf(graph, node), "Context") || graph.sizes.at(node) <= MOST_VARIABLES;
    return kind === CLOSURE || isEngines(nameOf(graph, node), "PromiseReaction");
  };
  for (let node = 1; node < graph.nodeCount; node++) {
    const row = rowOf[node];
    if (row === 0) continue;
    let below = node;
    for (let step = 0; step < MOST_STEPS; step++) {
      const above = dominator[below];
      // Of two with the same name, one is the next of a list.
      if (above === 0 || counts[above] > MOST_WRAPPED || kindAndName[above] === kindAndName[below]) break;
      if (!isOpen(above) || !canWrap(above)) break;
      const isOther = rows[above] !== 0 && lines[rows[above] - 1] !== lines[row - 1];
      counts[above] = isOther ? MOST_WRAPPED + 1 : counts[above] + 1;
      rows[above] = counts[above] > MOST_WRAPPED ? 0 : row;
      if (rows[above] === 0) break;
      below = above;
    }
  }
  return rows;
}

/** By node: bytes that go with it, besides the program's objects and what goes with these. */
function sizesBeside(
  { nodeCount, sizes }: HeapGraph,
  dominator: Uint32Array,
  rowOf: Uint32Array,
): Float64Array<ArrayBuffer> {
  const bytes = new Float64Array(nodeCount);
  // A node's dominator comes before it.
  for (let node = nodeCount - 1; node > 0; node--) {
    if (rowOf[node] !== 0) continue;
    bytes[node] += sizes.at(node);
    bytes[dominator[node]] += bytes[node];
  }
  return bytes;
}
