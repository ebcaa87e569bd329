import { EDGE_KIND_SHIFT, type HeapGraph, kindOf, LAST_EDGE, NO_EDGES, nameOf } from "./heap_graph.ts";
import { jobRefs } from "./job_refs.ts";
import { CODE, SHAPE, SHORTCUT_EDGE, SYNTHETIC, WEAK_EDGE } from "./node_types.ts";

/** By node, on the shortest way from the roots: who leads to it, by which edge. */
export interface ShortestPaths {
  /** `NOWHERE`: no way leads to it. The root's is itself. */
  readonly parent: Uint32Array<ArrayBuffer>;
  readonly edge: Uint32Array<ArrayBuffer>;
  /** Edges from the root, `DEEP` at most: `Depths` tells of more. */
  readonly depth: Uint16Array<ArrayBuffer>;
}

export const NOWHERE = 0xffffffff;

const DEEP = 0xffff;
/** Of so many nodes on a way, one has its depth kept. */
const KEPT_OF = 16;

/** Edges from the root in heaps with long lists, too, where 2 bytes a node do not tell. */
export class Depths {
  readonly #paths: ShortestPaths;
  readonly #kept = new Map<number, number>();

  constructor(paths: ShortestPaths) {
    this.#paths = paths;
  }

  of(node: number): number {
    const { depth, parent } = this.#paths;
    if (depth[node] < DEEP) return depth[node];
    const way: number[] = [];
    let at = node;
    let result: number | undefined;
    for (; depth[at] === DEEP; at = parent[at]) {
      result = this.#kept.get(at);
      if (result !== undefined) break;
      way.push(at);
    }
    // The first of the deep ones is `DEEP` edges away: all of its way is known.
    result ??= depth[at];
    while (way.length > 0) {
      at = way.pop()!;
      if (++result % KEPT_OF === 0) this.#kept.set(at, result);
    }
    return result;
  }
}

/** Ways that are taken where there is no other, the later the worse. */
const PLAIN = 0;
/** What runs right now holds much for a moment. */
const STACK = 1;
/** Feedback, code and hidden classes: the engine's own memory of what it has seen. */
const ENGINE = 2;
/** Handle scopes, the inspector, what the running job has asked WeakRefs for: the snapshot is being taken. */
const HANDLES = 3;

const ROOT_CLASSES: readonly (readonly [name: string, wayOf: number])[] = [
  ["(Stack roots)", STACK],
  ["(Handle scope)", HANDLES],
  ["(Traced handles)", HANDLES],
  ["(Startup object cache)", HANDLES],
  ["v8_inspector", HANDLES],
  ["Node / JSBindingsConnection", HANDLES],
  ["InspectorSession", HANDLES],
];

/**
 * Searches in breadth from the root, without weak edges and without what is `excluded` (the tracker's own). Better kinds of ways come first,
 * however long.
 */
export function shortestPaths(graph: HeapGraph, excluded: (node: number) => boolean): ShortestPaths {
  const { nodeCount, edges, targets, firstEdge } = graph;
  const parent = new Uint32Array(nodeCount).fill(NOWHERE);
  const parentEdge = new Uint32Array(nodeCount);
  const depth = new Uint16Array(nodeCount);
  const queue = new Uint32Array(nodeCount);
  const classes = classesOf(graph, excluded);
  let end = 0;
  parent[0] = 0;
  queue[end++] = 0;
  // The nodes that are known are looked at again: this time more of what they lead to counts.
  for (const limit of [PLAIN, STACK, ENGINE, HANDLES])
    for (let at = 0; at < end; at++) {
      const node = queue[at];
      let edge = firstEdge[node];
      if (edge === NO_EDGES) continue;
      for (; ; edge++) {
        const bits = edges[edge];
        const kind = bits >>> EDGE_KIND_SHIFT;
        const target = targets[edge];
        if (
          parent[target] === NOWHERE &&
          kind !== WEAK_EDGE &&
          (kind !== SHORTCUT_EDGE || node === 0) &&
          classes[target] <= limit
        ) {
          parent[target] = node;
          parentEdge[target] = edge;
          depth[target] = Math.min(depth[node] + 1, DEEP);
          queue[end++] = target;
        }
        if ((bits & LAST_EDGE) !== 0) break;
      }
    }
  return { parent, edge: parentEdge, depth };
}

const NEVER = 255;

/** By node: what kind of way leads through it. */
function classesOf(graph: HeapGraph, excluded: (node: number) => boolean): Uint8Array {
  const classes = new Uint8Array(graph.nodeCount);
  for (let node = 0; node < graph.nodeCount; node++) {
    const kind = kindOf(graph, node);
    if (excluded(node)) classes[node] = NEVER;
    else if (kind === CODE || kind === SHAPE) classes[node] = ENGINE;
    else if (kind === SYNTHETIC) {
      const name = nameOf(graph, node);
      classes[node] = ROOT_CLASSES.find(([root]) => name.includes(root))?.[1] ?? PLAIN;
    }
  }
  const refs = jobRefs(graph);
  if (refs !== -1) classes[graph.targets[refs]] = HANDLES;
  return classes;
}
