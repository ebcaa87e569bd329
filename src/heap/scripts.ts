import { plainPath } from "../sites/plain_path.ts";
import { follow, followNumbered } from "./edges.ts";
import { type HeapGraph, nameOf } from "./heap_graph.ts";
import { INTERNAL_EDGE, PROPERTY_EDGE } from "./node_types.ts";

/** Where functions stand, as V8 tells it. */
export class Scripts {
  readonly #graph: HeapGraph;
  readonly #shared: number;
  readonly #script: number;
  readonly #names = new Map<number, string>();
  /** By node of the script. */
  readonly #files = new Map<number, string>();
  #entries: Map<number, number> | null = null;

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#shared = graph.strings.indexOf("shared");
    this.#script = graph.strings.indexOf("script");
  }

  /** File and line of a function; null: V8 tells neither. Files of the program are plain paths, as in dumps. */
  placeOf(closure: number): { filename: string; lineno: number } | null {
    const { node, script, line } = this.#graph.locations;
    if (this.#entries === null) {
      this.#entries = new Map();
      for (let i = 0; i < node.length; i++) this.#entries.set(node[i], i);
    }
    const entry = this.#entries.get(closure);
    if (entry === undefined) return null;
    const filename = this.#nameOf(script[entry], closure);
    return filename === "" ? null : { filename, lineno: line[entry] };
  }

  /** Calls `visit` with each function and the file that it stands in. */
  each(visit: (closure: number, filename: string) => void): void {
    const { node, script } = this.#graph.locations;
    for (let i = 0; i < node.length; i++) visit(node[i], this.#nameOf(script[i], node[i]));
  }

  #nameOf(script: number, closure: number): string {
    const known = this.#names.get(script);
    if (known !== undefined) return known;
    const name = this.scriptOf(closure);
    if (name !== "") this.#names.set(script, name);
    return name;
  }

  /** The file of a function, found by way of the function itself. */
  scriptOf(closure: number): string {
    const script = this.nodeOf(closure);
    if (script === -1) return "";
    let file = this.#files.get(script);
    if (file === undefined) {
      file = plainPath(nameOf(this.#graph, script).replace(/^system \/ Script \/ /, ""));
      this.#files.set(script, file);
    }
    return file;
  }

  /** The script of a function; -1: V8 tells none. */
  nodeOf(closure: number): number {
    const shared = followNumbered(this.#graph, closure, INTERNAL_EDGE, this.#shared);
    return shared === -1 ? -1 : followNumbered(this.#graph, shared, INTERNAL_EDGE, this.#script);
  }
}

/** Whether a file is the runtime's own; functions of the engine's are in none. */
export function isRuntimes(filename: string): boolean {
  return filename === "" || filename.startsWith("node:") || filename.startsWith("ext:");
}

/**
 * The tracker's own functions, their scripts and what they close over: paths do not go through these. They are those of the files that stand
 * beside the one in which the class of our marks does.
 */
export function ownFunctions(graph: HeapGraph, scripts: Scripts, marks: readonly number[]): Set<number> {
  const own = new Set<number>();
  const roots = new Set<string>();
  for (const node of marks) {
    const prototype = follow(graph, node, PROPERTY_EDGE, "__proto__");
    const made = prototype === -1 ? -1 : follow(graph, prototype, PROPERTY_EDGE, "constructor");
    const file = made === -1 ? "" : scripts.scriptOf(made);
    // The package's folder: of `dist/src/traces/x.js`, of `src/traces/x.ts`, or of `dist/node/x.js`.
    const root = /^(.*[/\\])(?:dist[/\\](?:src|node)|src[/\\]traces)[/\\]/.exec(file)?.[1];
    if (root !== undefined) roots.add(root);
  }
  if (roots.size === 0) return own;
  scripts.each((closure, filename) => {
    for (const root of roots) {
      if (
        !filename.startsWith(root) ||
        !/^(?:dist|src|plugin)[/\\]|^mod\.[jt]s$/.test(filename.slice(root.length))
      )
        continue;
      own.add(closure);
      const script = scripts.nodeOf(closure);
      if (script !== -1 && !own.has(script)) {
        own.add(script);
        // V8's list of external strings holds it, too.
        const text = follow(graph, script, INTERNAL_EDGE, "source");
        if (text !== -1) own.add(text);
      }
      const context = follow(graph, closure, INTERNAL_EDGE, "context");
      if (context > 0 && !nameOf(graph, context).includes("NativeContext")) own.add(context);
    }
  });
  return own;
}
