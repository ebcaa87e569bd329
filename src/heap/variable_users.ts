import { edgeKind, follow, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
import { CLOSURE, ELEMENT_EDGE, INTERNAL_EDGE, PROPERTY_EDGE } from "./node_types.ts";
import type { Scripts } from "./scripts.ts";

/**
 * Tells which of the functions that share their variables has to do with one. V8 lets each of them hold the variables of all, so that a way may lead
 * through one that never heard of the object.
 */
export class VariableUsers {
  readonly #graph: HeapGraph;
  readonly #scripts: Scripts;
  readonly #textOf: (filename: string) => string | undefined;
  readonly #lines = new Map<string, readonly string[]>();
  #starts: Map<string, readonly number[]> | null = null;

  /** @param textOf Gives the text of a file of the program, if it can be read. */
  constructor(graph: HeapGraph, scripts: Scripts, textOf: (filename: string) => string | undefined) {
    this.#graph = graph;
    this.#scripts = scripts;
    this.#textOf = textOf;
  }

  /**
   * Another function that has the variable's name in its text, where the given one has not: a neighbour, which the same object holds and which shares
   * its variables. Null: the given one will do.
   *
   * @param holder Who holds the function.
   */
  insteadOf(closure: number, holder: number, name: string): { closure: number; edge: number } | null {
    const graph = this.#graph;
    if (this.#mentions(closure, name) !== false) return null;
    const context = follow(graph, closure, INTERNAL_EDGE, "context");
    let found: { closure: number; edge: number } | null = null;
    someEdge(graph, holder, (edge) => {
      const kind = edgeKind(graph, edge);
      const other = graph.targets[edge];
      if ((kind !== PROPERTY_EDGE && kind !== ELEMENT_EDGE) || kindOf(graph, other) !== CLOSURE) return false;
      if (follow(graph, other, INTERNAL_EDGE, "context") !== context) return false;
      if (this.#mentions(other, name) !== true) return false;
      found = { closure: other, edge };
      return true;
    });
    return found;
  }

  /** Null: nobody can tell. */
  #mentions(closure: number, name: string): boolean | null {
    const place = this.#scripts.placeOf(closure);
    const lines = place === null ? [] : this.#linesOf(place.filename);
    if (place === null || place.lineno > lines.length) return null;
    const starts = this.#startsOf(place.filename);
    // From where it begins to where the next one does. Of several in one line nobody can tell.
    const next = starts.find((line) => line >= place.lineno && line !== place.lineno) ?? lines.length + 1;
    if (starts.indexOf(place.lineno) !== starts.lastIndexOf(place.lineno)) return null;
    const text = lines.slice(place.lineno - 1, next - 1).join("\n");
    return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)?.includes(name) ?? false;
  }

  #linesOf(filename: string): readonly string[] {
    let lines = this.#lines.get(filename);
    if (lines === undefined) {
      lines = this.#textOf(filename)?.split("\n") ?? [];
      this.#lines.set(filename, lines);
    }
    return lines;
  }

  /** The lines on which a file's functions begin, in order; a line for each place. */
  #startsOf(filename: string): readonly number[] {
    if (this.#starts === null) {
      const found = new Map<string, Map<string, number>>();
      this.#scripts.each((closure) => {
        const place = this.#scripts.placeOf(closure);
        if (place === null) return;
        let ofFile = found.get(place.filename);
        if (ofFile === undefined) found.set(place.filename, (ofFile = new Map()));
        // Closures of one function are many.
        ofFile.set(`${place.lineno} ${follow(this.#graph, closure, INTERNAL_EDGE, "shared")}`, place.lineno);
      });
      this.#starts = new Map(
        [...found].map(([file, places]) => [file, [...places.values()].sort((a, b) => a - b)]),
      );
    }
    return this.#starts.get(filename) ?? [];
  }
}
