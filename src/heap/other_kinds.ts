import { followNumbered } from "./edges.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import type { OtherKind } from "./heap_report.ts";
import {
  ARRAY,
  BIGINT,
  CLOSURE,
  CODE,
  CONCATENATED,
  INTERNAL_EDGE,
  NATIVE,
  NUMBER,
  OBJECT,
  REGEXP,
  SHAPE,
  SLICED,
  STRING,
  SYMBOL,
} from "./node_types.ts";
import { isEngines, typeOf } from "./node_words.ts";

/** Kinds of nodes whose names say no more. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [ARRAY, "tables and lists"],
  [STRING, "strings"],
  [CODE, "compiled code"],
  [CLOSURE, "functions"],
  [REGEXP, "RegExp objects"],
  [NUMBER, "numbers"],
  [CONCATENATED, "strings"],
  [SLICED, "strings"],
  [SYMBOL, "symbols"],
  [BIGINT, "bigints"],
  [SHAPE, "hidden classes"],
]);

/** So many kinds are told apart; the smallest are put together. */
const MOST = 20;

/** What has no line, and is held by nothing that has one, by kinds that a reader knows. */
export class OtherKinds {
  readonly #graph: HeapGraph;
  readonly #sourceTexts: ReadonlySet<number>;
  /** By kind of node; those whose names say more, by these. */
  readonly #byKind: Tally[] = Array.from({ length: 16 }, () => emptyTally());
  readonly #byName = new Map<number, Tally>();
  readonly #tracker = emptyTally();
  readonly #sources = emptyTally();
  #size = 0;

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#sourceTexts = sourceTexts(graph);
  }

  /** Bytes of all kinds. */
  get size(): number {
    return this.#size;
  }

  add(node: number, size: number): void {
    this.#count(this.#tallyOf(node), node, size);
  }

  /** What the tracker needs for itself. */
  addTrackers(node: number, size: number): void {
    this.#count(this.#tracker, node, size);
  }

  /**
   * The largest first.
   *
   * @param total Bytes of all of them. What is more than was added must be the program's objects in the sampled modes, and is not accounted for by those
   * that are followed.
   */
  list(total: number): OtherKind[] {
    const found = new Map<string, { kind: string; count: number; size: number }>();
    const add = (kind: string, { count, size }: { count: number; size: number }): void => {
      const known = found.get(kind);
      if (known === undefined) found.set(kind, { kind, count, size });
      else {
        known.count += count;
        known.size += size;
      }
    };
    add("the tracker itself", this.#tracker);
    add("source text", this.#sources);
    for (const [kind, words] of WORDS) add(words, this.#byKind[kind]);
    for (const tally of this.#byName.values()) add(wordsOfNamed(this.#graph, tally.example), tally);
    const kinds = [...found.values()]
      .map(({ kind, count, size }) => ({ kind, count, size: Math.floor(size) }))
      .filter(({ size }) => size > 0);
    // Estimates have fractions, which the whole has not.
    const left = total - kinds.reduce((sum, { size }) => sum + size, 0);
    if (left > 0) kinds.push({ kind: "objects that are not followed", count: 0, size: left });
    kinds.sort((a, b) => b.size - a.size || (a.kind < b.kind ? -1 : 1));
    if (kinds.length <= MOST) return kinds;
    const rest = { kind: "other kinds", count: 0, size: 0 };
    for (const { count, size } of kinds.splice(MOST - 1)) {
      rest.count += count;
      rest.size += size;
    }
    return [...kinds, rest];
  }

  #tallyOf(node: number): Tally {
    const kind = kindOf(this.#graph, node);
    if (this.#sourceTexts.has(node)) return this.#sources;
    if (WORDS.has(kind)) return this.#byKind[kind];
    const name = this.#graph.kindAndName[node];
    let tally = this.#byName.get(name);
    if (tally === undefined) this.#byName.set(name, (tally = emptyTally()));
    return tally;
  }

  #count(tally: Tally, node: number, size: number): void {
    this.#size += size;
    tally.example = node;
    if (size > 0) tally.count++;
    tally.size += size;
  }
}

interface Tally {
  count: number;
  size: number;
  /** A node of the kind. */
  example: number;
}

function emptyTally(): Tally {
  return { count: 0, size: 0, example: 0 };
}

/** Of objects, of the runtime's own memory, and of what the engine shows to nobody. */
function wordsOfNamed(graph: HeapGraph, node: number): string {
  const name = nameOf(graph, node);
  if (isEngines(name, "Context")) return "variables of functions";
  if (isEngines(name, "JSArrayBufferData")) return "bytes of buffers";
  const kind = kindOf(graph, node);
  if ((kind !== OBJECT && kind !== NATIVE) || name.startsWith("system / ") || name.startsWith("("))
    return "the engine's own memory";
  const type = typeOf(graph, node);
  if (kind !== OBJECT) return type;
  return type === "Object" ? "plain objects" : `${type} objects`;
}

/** The texts of scripts, which are most of the strings' bytes as a rule. */
function sourceTexts(graph: HeapGraph): Set<number> {
  const found = new Set<number>();
  const source = graph.strings.indexOf("source");
  if (source === -1) return found;
  for (let node = 0; node < graph.nodeCount; node++) {
    // Scripts bear the names of their files.
    if (kindOf(graph, node) !== CODE) continue;
    const text = followNumbered(graph, node, INTERNAL_EDGE, source);
    if (text !== -1 && kindOf(graph, text) === STRING) found.add(text);
  }
  return found;
}
