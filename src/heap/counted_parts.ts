import { edgeKind, edgeName, followNumbered, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import {
  ARRAY,
  CLOSURE,
  CONCATENATED,
  INTERNAL_EDGE,
  NUMBER,
  OBJECT,
  PROPERTY_EDGE,
  SLICED,
  STRING,
} from "./node_types.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";

interface Counted {
  /** By node: its row + 1 where the program made it, else 0. */
  readonly rowOf: Uint32Array;
  /** By node: 1 where it is likely to be the program's; null: all that are bear a mark. */
  readonly likely: Uint8Array | null;
  readonly scripts: Scripts;
}

/** The tracker counts all that goes with it, too. */
export const WITH_ALL_BELOW = 2;

/**
 * By node: 1 or 2 (`WITH_ALL_BELOW`) where the tracker counts it with what it belongs to, or as a string: elements, properties and tables of the program's objects,
 * their numbers and texts, the stacks of errors, and the variables of its functions.
 */
export function countedParts(graph: HeapGraph, { rowOf, likely, scripts }: Counted): Uint8Array<ArrayBuffer> {
  const parts = new Parts(graph, rowOf);
  const context = graph.strings.indexOf("context");
  for (let node = 1; node < graph.nodeCount; node++) {
    const isMarked = rowOf[node] !== 0;
    if (kindOf(graph, node) === CLOSURE && (isMarked || !isRuntimes(scripts.scriptOf(node))))
      parts.addContexts(followNumbered(graph, node, INTERNAL_EDGE, context));
    const isLikely = likely?.[node] === 1;
    if (isLikely) parts.isPart[node] = 1;
    if (isMarked || isLikely) parts.addBelongings(node);
  }
  return parts.isPart;
}

/** What is not measured again when it is given properties of its own. */
const UNMEASURED =
  /^(?:Promise|WeakRef|Date|DataView|FinalizationRegistry|(?:Shared)?ArrayBuffer|\w+\d+(?:Clamped)?Array)$/;

class Parts {
  readonly isPart: Uint8Array<ArrayBuffer>;
  readonly #graph: HeapGraph;
  readonly #rowOf: Uint32Array;
  readonly #elements: number;
  readonly #properties: number;
  readonly #table: number;
  readonly #buffers: readonly number[];
  readonly #previous: number;

  constructor(graph: HeapGraph, rowOf: Uint32Array) {
    this.#graph = graph;
    this.#rowOf = rowOf;
    this.isPart = new Uint8Array(graph.nodeCount);
    const { strings } = graph;
    this.#elements = strings.indexOf("elements");
    this.#properties = strings.indexOf("properties");
    this.#table = strings.indexOf("table");
    this.#buffers = ["buffer", "viewed_array_buffer"].map((name) => strings.indexOf(name));
    this.#previous = strings.indexOf("previous");
  }

  /** A function's, and those around it. */
  addContexts(innermost: number): void {
    for (let node = innermost; node > 0 && this.isPart[node] === 0; ) {
      if (!nameOf(this.#graph, node).startsWith("system / Context")) return;
      this.isPart[node] = 1;
      this.#addValues(node, { withNumbers: false });
      node = followNumbered(this.#graph, node, INTERNAL_EDGE, this.#previous);
    }
  }

  addBelongings(node: number): void {
    const graph = this.#graph;
    const isMeasured = kindOf(graph, node) !== OBJECT || !UNMEASURED.test(nameOf(graph, node));
    this.#addValues(node, { withNumbers: true });
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      if (this.#rowOf[target] !== 0) return;
      const kind = edgeKind(graph, edge);
      const name = edgeName(graph, edge);
      // The stack that an error captured is the only raw array under a key.
      if (kind === PROPERTY_EDGE && kindOf(graph, target) === ARRAY) this.isPart[target] = WITH_ALL_BELOW;
      if (kind !== INTERNAL_EDGE) return;
      // A view is counted with the buffer that it makes.
      if (this.#buffers.includes(name)) this.isPart[target] = WITH_ALL_BELOW;
      if (name !== this.#elements && name !== this.#table && !(isMeasured && name === this.#properties))
        return;
      this.isPart[target] = 1;
      this.#addValues(target, { withNumbers: true });
    });
  }

  #addValues(node: number, { withNumbers }: { withNumbers: boolean }): void {
    const graph = this.#graph;
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      if (this.#rowOf[target] !== 0) return;
      if (isText(kindOf(graph, target))) this.#addText(target);
      else if (withNumbers && kindOf(graph, target) === NUMBER) this.isPart[target] = 1;
    });
  }

  /** With what it was put together of. */
  #addText(text: number): void {
    const graph = this.#graph;
    const waiting = [text];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.isPart[node] === 1) continue;
      this.isPart[node] = 1;
      if (kindOf(graph, node) === STRING) continue;
      someEdge(graph, node, (edge) => {
        if (isText(kindOf(graph, graph.targets[edge]))) waiting.push(graph.targets[edge]);
      });
    }
  }
}

function isText(kind: number): boolean {
  return kind === STRING || kind === CONCATENATED || kind === SLICED;
}
