import { EDGE_KIND_SHIFT, type HeapGraph, LAST_EDGE, NO_EDGES, SET_ASIDE } from "./heap_graph.ts";
import { SHORTCUT_EDGE, WEAK_EDGE } from "./node_types.ts";

const NONE = 0xffffffff;

/**
 * Finds each node's immediate dominator (Lengauer and Tarjan, 1979, with path compression), which takes O(edges · log nodes) whatever the
 * graph, where the usual iteration over predecessors takes the square for a long list whose items share something. Nothing here is
 * recursive. At most 30 bytes a node and 12 an edge are in use: nodes get the numbers of the search (the graph changes), so that no table translates.
 *
 * What counts is what DevTools counts: no weak edges, no edges to a node itself, shortcuts from the root alone. What the root does not lead
 * to counts as held by the root.
 *
 * @returns By node: the one through which all ways from the root lead to it; the root's is itself. It has a smaller number.
 *
 * @param onOrder Told the numbers that nodes get, by their old ones.
 */
export function findDominators(
  graph: HeapGraph,
  onOrder?: (numbers: Uint32Array) => void,
): Uint32Array<ArrayBuffer> {
  const parent = orderBySearch(graph, onOrder);
  const { first, holders } = reverseEdges(graph);
  return dominatorsOf(parent, first, holders);
}

/** Whether an edge keeps what it leads to alive. */
function holds(bits: number, from: number, to: number): boolean {
  const kind = bits >>> EDGE_KIND_SHIFT;
  return (
    kind !== WEAK_EDGE && (bits & SET_ASIDE) === 0 && from !== to && (kind !== SHORTCUT_EDGE || from === 0)
  );
}

/** Numbers nodes anew, in the order in which a search in depth comes to them. Gives by node, in the new numbers, from where it came. */
function orderBySearch(graph: HeapGraph, onOrder?: (numbers: Uint32Array) => void): Uint32Array<ArrayBuffer> {
  const { nodeCount, edges, targets, firstEdge } = graph;
  // Until a node is left, `parent` has the old number by which the search came to it.
  const numbers = new Uint32Array(nodeCount).fill(NONE);
  const oldParent = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  const next = firstEdge.slice();
  let count = 0;
  const search = (start: number): void => {
    numbers[start] = count++;
    let node = start;
    for (;;) {
      const edge = next[node];
      if (edge === NO_EDGES) {
        if (node === start) return;
        node = oldParent[node];
        continue;
      }
      const bits = edges[edge];
      next[node] = (bits & LAST_EDGE) !== 0 ? NO_EDGES : edge + 1;
      const target = targets[edge];
      if (numbers[target] !== NONE || !holds(bits, node, target)) continue;
      oldParent[target] = node;
      parent[count] = numbers[node];
      numbers[target] = count++;
      node = target;
    }
  };
  search(0);
  if (count < nodeCount) {
    const held = heldNodes(graph, numbers);
    // Those that nothing holds first: the others hang below them.
    for (const wantsHeld of [false, true])
      for (let node = 0; node < nodeCount; node++)
        if (numbers[node] === NONE && held[node] === (wantsHeld ? 1 : 0)) {
          // Nothing leads to it: it is its own.
          parent[count] = count;
          search(node);
        }
  }
  onOrder?.(numbers);
  renumber(graph, numbers);
  return parent;
}

/** By node: 1 where an edge from a node that has no number yet holds it. */
function heldNodes(graph: HeapGraph, numbers: Uint32Array): Uint8Array {
  const held = new Uint8Array(graph.nodeCount);
  for (let node = 0; node < graph.nodeCount; node++) {
    if (numbers[node] !== NONE) continue;
    let edge = graph.firstEdge[node];
    if (edge === NO_EDGES) continue;
    for (; ; edge++) {
      const bits = graph.edges[edge];
      const target = graph.targets[edge];
      if (holds(bits, node, target)) held[target] = 1;
      if ((bits & LAST_EDGE) !== 0) break;
    }
  }
  return held;
}

function renumber(graph: HeapGraph, numbers: Uint32Array): void {
  const { nodeCount, targets, locations } = graph;
  const kindAndName = new Uint32Array(nodeCount);
  const firstEdge = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    kindAndName[numbers[node]] = graph.kindAndName[node];
    firstEdge[numbers[node]] = graph.firstEdge[node];
  }
  for (let edge = 0; edge < targets.length; edge++) targets[edge] = numbers[targets[edge]];
  const { node } = locations;
  for (let i = 0; i < node.length; i++) node[i] = node[i] < nodeCount ? numbers[node[i]] : 0;
  graph.kindAndName = kindAndName;
  graph.firstEdge = firstEdge;
  graph.sizes = graph.sizes.reordered(numbers);
}

/** By node, who holds it: `holders[first[node]]` to `holders[first[node + 1] - 1]`. */
function reverseEdges({ nodeCount, edges, targets, firstEdge }: HeapGraph): {
  first: Uint32Array<ArrayBuffer>;
  holders: Uint32Array<ArrayBuffer>;
} {
  const first = new Uint32Array(nodeCount + 1);
  const each = (visit: (from: number, to: number) => void): void => {
    for (let node = 0; node < nodeCount; node++) {
      let edge = firstEdge[node];
      if (edge === NO_EDGES) continue;
      for (; ; edge++) {
        const bits = edges[edge];
        const target = targets[edge];
        if (holds(bits, node, target)) visit(node, target);
        if ((bits & LAST_EDGE) !== 0) break;
      }
    }
  };
  let total = 0;
  each((_, to) => {
    first[to]++;
    total++;
  });
  let end = 0;
  for (let node = 0; node <= nodeCount; node++) {
    end += first[node];
    first[node] = end;
  }
  const holders = new Uint32Array(total);
  each((from, to) => {
    holders[--first[to]] = from;
  });
  return { first, holders };
}

/** The part of the search's tree whose nodes are linked: those above a limit, the others are its trees' roots. */
class Forest {
  readonly ancestor: Uint32Array<ArrayBuffer>;
  readonly semi: Uint32Array<ArrayBuffer>;
  readonly #label: Uint32Array<ArrayBuffer>;

  constructor(ancestor: Uint32Array<ArrayBuffer>) {
    this.ancestor = ancestor;
    this.semi = new Uint32Array(ancestor.length).fill(NONE);
    this.#label = new Uint32Array(ancestor.length);
    for (let node = 0; node < ancestor.length; node++) this.#label[node] = node;
  }

  /** The node with the smallest semidominator on the way up from `node`, below the root of its tree. */
  smallest(node: number, limit: number): number {
    const { ancestor, semi } = this;
    const label = this.#label;
    if (ancestor[node] <= limit) return label[node];
    // Up, turning the pointers round; then down again, with all pointing to the root.
    let at = node;
    let from = NONE;
    while (ancestor[at] > limit) {
      const next = ancestor[at];
      ancestor[at] = from;
      from = at;
      at = next;
    }
    const root = ancestor[at];
    while (from !== NONE) {
      const below = from;
      from = ancestor[below];
      ancestor[below] = root;
      if (semi[label[at]] < semi[label[below]]) label[below] = label[at];
      at = below;
    }
    return label[node];
  }
}

/**
 * `parent` becomes the forest. Until a node's turn comes, `semi` has the first of those whose semidominator it is, and `dominator` the
 * next one of such a list.
 */
function dominatorsOf(
  parent: Uint32Array<ArrayBuffer>,
  first: Uint32Array,
  holders: Uint32Array,
): Uint32Array<ArrayBuffer> {
  const nodeCount = parent.length;
  const forest = new Forest(parent);
  const { ancestor, semi } = forest;
  const dominator = new Uint32Array(nodeCount);
  for (let node = nodeCount - 1; node > 0; node--) {
    let above = ancestor[node];
    let least = above;
    if (above === node) {
      // The root does not lead to it: what nothing holds counts as held by the root, what holds each other does not.
      above = ancestor[node] = 0;
      least = first[node] === first[node + 1] ? 0 : node;
    }
    for (let i = first[node]; i < first[node + 1]; i++) {
      const holder = holders[i];
      const candidate = holder <= node ? holder : semi[forest.smallest(holder, node)];
      if (candidate < least) least = candidate;
    }
    semi[node] = least;
    if (least < node) {
      dominator[node] = semi[least];
      semi[least] = node;
    } else dominator[node] = 0;
    for (let member = semi[above]; member !== NONE; ) {
      const next = dominator[member];
      const found = forest.smallest(member, node - 1);
      dominator[member] = semi[found] < semi[member] ? found : above;
      member = next;
    }
    semi[above] = NONE;
  }
  dominator[0] = 0;
  for (let node = 1; node < nodeCount; node++)
    if (dominator[node] !== semi[node]) dominator[node] = dominator[dominator[node]];
  return dominator;
}
