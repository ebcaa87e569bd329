import {
  EDGE_KIND_SHIFT,
  type HeapGraph,
  kindOf,
  LAST_EDGE,
  NAME_MASK,
  NO_EDGES,
  nameOf,
} from "./heap_graph.ts";
import { ARRAY, INTERNAL_EDGE, WEAK_EDGE } from "./node_types.ts";
import { isEngines } from "./node_words.ts";
import type { StringStore } from "./string_store.ts";

const PAIR = new TextEncoder().encode(" pair in WeakMap (table @");

const UNKNOWN = 0;
const OTHER = 1;
const IS_PAIR = 2;

/** Tells edges that V8 has named after an entry of a WeakMap: `3 / part of key (Object @7) -> value (Object @9) pair in WeakMap (table @5)`. */
export class PairNames {
  readonly #strings: StringStore;
  readonly #known: Uint8Array;

  constructor({ strings }: HeapGraph) {
    this.#strings = strings;
    this.#known = new Uint8Array(strings.length);
  }

  has(name: number): boolean {
    const known = this.#known[name];
    if (known !== UNKNOWN) return known === IS_PAIR;
    const isPair = this.#strings.includes(name, PAIR);
    this.#known[name] = isPair ? IS_PAIR : OTHER;
    return isPair;
  }

  /** The number that V8 gave to the table of a pair. */
  tableOf(name: number): string {
    return /\(table @(\d+)\)$/.exec(this.#strings.at(name))?.[1] ?? "";
  }
}

/**
 * V8 writes an edge from the key of a WeakMap's entry to its value, and one from the map's table. The value dies with either, so one of
 * them will do: the key's, as DevTools takes it. The table's become weak.
 */
export function weakenTables(graph: HeapGraph): void {
  const { edges, firstEdge } = graph;
  const names = new PairNames(graph);
  for (let node = 0; node < graph.nodeCount; node++) {
    let edge = firstEdge[node];
    if (edge === NO_EDGES) continue;
    if (kindOf(graph, node) !== ARRAY && !isEngines(nameOf(graph, node), "EphemeronHashTable")) continue;
    for (; ; edge++) {
      const bits = edges[edge];
      if (bits >>> EDGE_KIND_SHIFT === INTERNAL_EDGE) {
        const name = bits & NAME_MASK;
        if (names.has(name))
          edges[edge] = ((bits & ~(7 << EDGE_KIND_SHIFT)) | (WEAK_EDGE << EDGE_KIND_SHIFT)) >>> 0;
      }
      if ((bits & LAST_EDGE) !== 0) break;
    }
  }
}
