import { edgeKind, edgeName, followNumbered, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import { ARRAY, INTERNAL_EDGE, OBJECT, PROPERTY_EDGE } from "./node_types.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";

/**
 * Places that instrumented code needs more for what it works with (Node 26.10, fourteen async functions and generators: 5 to 18 where calls are
 * recorded; 0 to 18, and mostly fewer than 4, where they are not). How many a function needs by itself nobody tells.
 */
const MORE_PLACES = { recorded: 10, unrecorded: 3 };
const PLACE = 8;
/** A function's own: what it is called with, and one to work with. */
const LEAST_PLACES = 4;
const LIST_HEADER = 16;

/** Bytes of an error as V8 makes it, with its list of properties. */
const ERROR = 88;

interface Traced {
  readonly frames: SuspendedFrames;
  readonly isOwn: (node: number) => boolean;
  /** Whether the code records its calls. */
  readonly recordsCalls: boolean;
}

/**
 * Takes off what objects are larger by because the program is traced: the frames of its calls that wait, and errors that left a stand-in, whose properties
 * are a dictionary for the accessor which hides the stand-in (`src/track/texts/hide_frames.ts`).
 */
export function takeOffTracedExcess(graph: HeapGraph, { frames, isOwn, recordsCalls }: Traced): void {
  const { strings, sizes } = graph;
  const [properties, getter] = ["properties", "get stack"].map((name) => strings.indexOf(name));
  const places = recordsCalls ? MORE_PLACES.recorded : MORE_PLACES.unrecorded;
  const least = LIST_HEADER + LEAST_PLACES * PLACE;
  for (let node = 1; node < graph.nodeCount; node++) {
    if (kindOf(graph, node) !== OBJECT) continue;
    const frame = frames.of(node);
    if (frame !== -1) {
      const size = sizes.at(frame);
      sizes.set(frame, Math.max(Math.min(size, least), size - places * PLACE));
    }
    if (getter === -1) continue;
    const table = followNumbered(graph, node, INTERNAL_EDGE, properties);
    if (table === -1 || kindOf(graph, table) !== ARRAY) continue;
    const isHidden = someEdge(
      graph,
      node,
      (edge) =>
        edgeName(graph, edge) === getter &&
        edgeKind(graph, edge) === PROPERTY_EDGE &&
        isOwn(graph.targets[edge]),
    );
    if (isHidden) sizes.set(table, Math.max(0, ERROR - sizes.at(node)));
  }
}

/** The program's calls that wait, async functions and generators: the engine keeps what is in their places. */
export class SuspendedFrames {
  readonly #graph: HeapGraph;
  readonly #scripts: Scripts;
  readonly #places: number;
  readonly #function: number;

  constructor(graph: HeapGraph, scripts: Scripts) {
    this.#graph = graph;
    this.#scripts = scripts;
    this.#places = graph.strings.indexOf("parameters_and_registers");
    this.#function = graph.strings.indexOf("function");
  }

  /** The list of places; -1: the node is no such call. */
  of(node: number): number {
    if (this.#places === -1) return -1;
    const list = followNumbered(this.#graph, node, INTERNAL_EDGE, this.#places);
    if (list === -1) return -1;
    const called = followNumbered(this.#graph, node, INTERNAL_EDGE, this.#function);
    return called === -1 || isRuntimes(this.#scripts.scriptOf(called)) ? -1 : list;
  }
}
