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
  /** By node: its row + 1 where it is likely to be the program's; null: all that are bear a mark. */
  readonly likely: Uint32Array | null;
  readonly scripts: Scripts;
  readonly dominator: Uint32Array;
  /** By node: 1 where it is a mark, or a table that an object has for its mark alone. */
  readonly isToken: Uint8Array;
}

/** From a function's variables up to an object of the program's with which they go. */
const MOST_STEPS = 16;

/** The tracker counts all that goes with it, too. */
export const WITH_ALL_BELOW = 2;

export interface CountedParts {
  /** By node: 1 or 2 (`WITH_ALL_BELOW`) where it is such a part. */
  readonly isPart: Uint8Array<ArrayBuffer>;
  /** By node: the object that it is a part of; of several that have it, the first. */
  readonly wholeOf: Uint32Array<ArrayBuffer>;
  /**
   * By node: 1 where the object is taken for what the tracker takes it for: a view, whose buffer may have been made because the tracker asked for it; and what has
   * the mark in the dictionary of its properties, which may be twice as large for it. (Classes are taken for what is made for them, too.)
   */
  readonly isAsTaken: Uint8Array<ArrayBuffer>;
}

/**
 * What the tracker counts with what it belongs to, or as a string: elements, properties and tables of the program's objects,
 * their numbers and texts, the stacks of errors, and the variables of its functions.
 */
export function countedParts(
  graph: HeapGraph,
  { rowOf, likely, scripts, dominator, isToken }: Counted,
): CountedParts {
  const parts = new Parts(graph, { rowOf, dominator, isToken });
  const context = graph.strings.indexOf("context");
  for (let node = 1; node < graph.nodeCount; node++) {
    const isMarked = rowOf[node] !== 0;
    parts.whole = node;
    if (kindOf(graph, node) === CLOSURE && (isMarked || !isRuntimes(scripts.scriptOf(node))))
      parts.addContexts(followNumbered(graph, node, INTERNAL_EDGE, context));
    parts.whole = node;
    const isLikely = (likely?.[node] ?? 0) !== 0;
    if (isLikely) parts.add(node);
    if (isMarked || isLikely) parts.addBelongings(node);
  }
  return parts;
}

/** What is not measured again when it is given properties of its own. */
const UNMEASURED =
  /^(?:Promise|WeakRef|Date|DataView|FinalizationRegistry|(?:Shared)?ArrayBuffer|\w+\d+(?:Clamped)?Array)$/;

class Parts implements CountedParts {
  readonly isPart: Uint8Array<ArrayBuffer>;
  readonly wholeOf: Uint32Array<ArrayBuffer>;
  readonly isAsTaken: Uint8Array<ArrayBuffer>;
  /** Whose parts are looked for. */
  whole = 0;
  readonly #graph: HeapGraph;
  readonly #rowOf: Uint32Array;
  readonly #dominator: Uint32Array;
  readonly #isToken: Uint8Array;
  readonly #elements: number;
  readonly #properties: number;
  readonly #table: number;
  readonly #buffers: readonly number[];
  readonly #previous: number;

  constructor(
    graph: HeapGraph,
    { rowOf, dominator, isToken }: Pick<Counted, "rowOf" | "dominator" | "isToken">,
  ) {
    this.#graph = graph;
    this.#rowOf = rowOf;
    this.#dominator = dominator;
    this.#isToken = isToken;
    this.isAsTaken = new Uint8Array(graph.nodeCount);
    this.isPart = new Uint8Array(graph.nodeCount);
    this.wholeOf = new Uint32Array(graph.nodeCount);
    const { strings } = graph;
    this.#elements = strings.indexOf("elements");
    this.#properties = strings.indexOf("properties");
    this.#table = strings.indexOf("table");
    this.#buffers = ["buffer", "viewed_array_buffer"].map((name) => strings.indexOf(name));
    this.#previous = strings.indexOf("previous");
  }

  add(node: number, as = 1): void {
    this.isPart[node] = as;
    if (this.wholeOf[node] === 0) this.wholeOf[node] = this.whole;
  }

  /** A function's, and those around it. */
  addContexts(innermost: number): void {
    for (let node = innermost; node > 0 && this.isPart[node] === 0; ) {
      if (!nameOf(this.#graph, node).startsWith("system / Context")) return;
      this.add(node);
      // Texts of a module's variables are in no one function's.
      if (!this.#goesWithObject(node)) this.whole = 0;
      this.#addValues(node, { withNumbers: false });
      node = followNumbered(this.#graph, node, INTERNAL_EDGE, this.#previous);
    }
  }

  #hasToken(table: number): boolean {
    if (this.#isToken[table] === 1) return false;
    return someEdge(this.#graph, table, (edge) => this.#isToken[this.#graph.targets[edge]] === 1);
  }

  #goesWithObject(node: number): boolean {
    let above = node;
    for (let step = 0; step < MOST_STEPS && above !== 0; step++) {
      above = this.#dominator[above];
      if (this.#rowOf[above] !== 0) return true;
    }
    return false;
  }

  addBelongings(node: number): void {
    const graph = this.#graph;
    const isMeasured = kindOf(graph, node) !== OBJECT || !UNMEASURED.test(nameOf(graph, node));
    this.#addValues(node, { withNumbers: true });
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      const kind = edgeKind(graph, edge);
      const name = edgeName(graph, edge);
      // Whoever the buffer is taken for to belong to: in the sampled modes it may look like one that the program made.
      if (kind === INTERNAL_EDGE && this.#buffers.includes(name)) this.isAsTaken[node] = 1;
      if (this.#rowOf[target] !== 0) return;
      // The stack that an error captured is the only raw array under a key.
      if (kind === PROPERTY_EDGE && kindOf(graph, target) === ARRAY) this.add(target, WITH_ALL_BELOW);
      if (kind !== INTERNAL_EDGE) return;
      // A view is counted with the buffer that it makes.
      if (this.#buffers.includes(name)) this.add(target, WITH_ALL_BELOW);
      if (name !== this.#elements && name !== this.#table && !(isMeasured && name === this.#properties))
        return;
      // A list has a place more at the most.
      const isDictionary = name === this.#properties && kindOf(graph, target) === ARRAY;
      if (isDictionary && kindOf(graph, node) !== CLOSURE && this.#hasToken(target)) this.isAsTaken[node] = 1;
      this.add(target);
      this.#addValues(target, { withNumbers: true });
    });
  }

  #addValues(node: number, { withNumbers }: { withNumbers: boolean }): void {
    const graph = this.#graph;
    someEdge(graph, node, (edge) => {
      const target = graph.targets[edge];
      if (this.#rowOf[target] !== 0) return;
      if (isText(kindOf(graph, target))) this.#addText(target);
      else if (withNumbers && kindOf(graph, target) === NUMBER) this.add(target);
    });
  }

  /** With what it was put together of. */
  #addText(text: number): void {
    const graph = this.#graph;
    const waiting = [text];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.isPart[node] === 1) continue;
      this.add(node);
      if (kindOf(graph, node) === STRING) continue;
      someEdge(graph, node, (edge) => {
        if (isText(kindOf(graph, graph.targets[edge]))) waiting.push(graph.targets[edge]);
      });
    }
  }
}

export function isText(kind: number): boolean {
  return kind === STRING || kind === CONCATENATED || kind === SLICED;
}
