// Retained sizes of objects of real heaps against the definition: what the root no longer leads to without the object. No dominators.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeHeapSnapshot } from "node:v8";
import { assert, assertEquals } from "@std/assert";
import { findDominators } from "../../src/heap/dominators.ts";
import {
  EDGE_KIND_SHIFT,
  type HeapGraph,
  kindOf,
  LAST_EDGE,
  NO_EDGES,
  nameOf,
  SET_ASIDE,
} from "../../src/heap/heap_graph.ts";
import { SHORTCUT_EDGE, WEAK_EDGE } from "../../src/heap/node_types.ts";
import { setAsideForeignHolders } from "../../src/heap/page_owned.ts";
import { readGraph } from "../../src/heap/read_graph.ts";
import { retainedSizes } from "../../src/heap/retained.ts";
import { weakenTables } from "../../src/heap/weak_maps.ts";

const ASKED = 150;

/** Bytes that are reached from the root, past one node. */
function reachedBytes(
  { firstEdge, edges, targets, sizes }: HeapGraph,
  gone: number,
  reached: Uint8Array,
): number {
  reached.fill(0);
  reached[gone] = 1;
  const waiting = [0];
  reached[0] = 1;
  let sum = 0;
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    sum += sizes.at(node);
    if (firstEdge[node] === NO_EDGES) continue;
    for (let edge = firstEdge[node]!; ; edge++) {
      const bits = edges[edge]!;
      const kind = bits >>> EDGE_KIND_SHIFT;
      const target = targets[edge]!;
      const holds = kind !== WEAK_EDGE && (bits & SET_ASIDE) === 0 && (kind !== SHORTCUT_EDGE || node === 0);
      if (holds && reached[target] === 0) {
        reached[target] = 1;
        waiting.push(target);
      }
      if ((bits & LAST_EDGE) !== 0) break;
    }
  }
  return sum;
}

/** What fills a heap differently: objects that share, lists, closures, WeakMaps, buffers. */
const PROGRAMS: Record<string, () => unknown> = {
  "objects that share others": () => {
    const shared = Array.from({ length: 500 }, (_, i) => ({ i, next: {} as object }));
    for (const [i, one] of shared.entries()) one.next = shared[(i * 7) % 500]!;
    return Array.from({ length: 5000 }, (_, i) => ({ a: shared[i % 500], b: [i, { i }], c: `text ${i}` }));
  },
  "lists, closures and promises": () => {
    let list: { next: unknown; run: () => unknown } | null = null;
    for (let i = 0; i < 5000; i++) {
      const next: unknown = list;
      list = { next, run: () => [i, next] };
    }
    return [list, Array.from({ length: 1000 }, (_, i) => new Promise(() => i).then(() => list))];
  },
  "Maps, WeakMaps and buffers": () => {
    const keys = Array.from({ length: 2000 }, (_, i) => ({ i }));
    const weak = new WeakMap(keys.map((key, i) => [key, { bytes: new Uint8Array(100 + i) }]));
    return [keys, weak, new Map(keys.map((key, i) => [`key ${i}`, new Set([key, i])]))];
  },
};

for (const [name, make] of Object.entries(PROGRAMS))
  test(`a real heap: ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "tracemalloc-heap-"));
    const file = join(folder, "real.heapsnapshot");
    const kept = make();
    try {
      writeHeapSnapshot(file);
      const graph = readGraph(file);
      setAsideForeignHolders(graph);
      weakenTables(graph);
      const dominator = findDominators(graph);
      const retained = retainedSizes(dominator, graph.sizes);
      const reached = new Uint8Array(graph.nodeCount);
      const all = reachedBytes(graph, graph.nodeCount, reached);
      // What only weak edges lead to is the root's, whoever holds it below: no way tells.
      const isReached = reached.slice();
      let seed = 3;
      let asked = 0;
      while (asked < ASKED) {
        seed = (seed * 48271) % 0x7fffffff;
        const node = 1 + (seed % (graph.nodeCount - 1));
        // Those that retain something are the interesting ones.
        if (isReached[node] === 0 || (asked > 30 && retained[node] === graph.sizes.at(node))) continue;
        asked++;
        const expected = all - reachedBytes(graph, node, reached);
        assertEquals(retained[node], expected, `${nameOf(graph, node)} (${kindOf(graph, node)})`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    assert(kept !== null);
  });
