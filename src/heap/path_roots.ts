import { plainPath } from "../sites/plain_path.ts";
import { edgeKind, edgeName, follow, someEdge } from "./edges.ts";
import { numberOf } from "./find_marks.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import { jobRefs } from "./job_refs.ts";
import {
  CLOSURE,
  INTERNAL_EDGE,
  NATIVE,
  OBJECT,
  PROPERTY_EDGE,
  SHORTCUT_EDGE,
  STRING,
  SYNTHETIC,
} from "./node_types.ts";
import { isEngines, isGlobal, typeOf } from "./node_words.ts";
import type { Scripts } from "./scripts.ts";

/** Tells what ways begin with, in the user's words. */
export class PathRoots {
  readonly #graph: HeapGraph;
  readonly #lineOf: (node: number) => number;
  readonly #scripts: Scripts;
  readonly #jobRefs: number;

  constructor({
    graph,
    lineOf,
    scripts,
  }: { graph: HeapGraph; lineOf: (node: number) => number; scripts: Scripts }) {
    this.#graph = graph;
    this.#lineOf = lineOf;
    this.#scripts = scripts;
    this.#jobRefs = jobRefs(graph);
  }

  /**
   * What a node is the root of, in the user's words; null: it is none. Nodes further down the way know better, until an object of the
   * program's has come. Variables of modules and global ones are roots even then: they live as long as the program.
   *
   * @param way What the root is so far, and whether an object of the program's has come.
   */
  at(node: number, from: number, edge: number, way: { root: string; hasLine: boolean }): string | null {
    const { hasLine } = way;
    const graph = this.#graph;
    const kind = kindOf(graph, node);
    const name = nameOf(graph, node);
    if (isEngines(name, "Context")) return this.#moduleOfContext(node, hasLine);
    if (kind === OBJECT && this.#isGlobal(node, from, edge)) return GLOBAL;
    if (hasLine) return null;
    if (edge === this.#jobRefs) return "a WeakRef that this job has asked";
    if (kind === SYNTHETIC)
      return ROOTS[name] ?? (name === "(GC roots)" ? null : `the runtime ${name}`.trimEnd());
    if (isEngines(name, "SourceTextModule"))
      return moduleRoot(this.#scripts.scriptOf(this.#moduleFunction(node)));
    if (isEngines(name, "ScriptContextTable")) return GLOBAL;
    if (kind === OBJECT && this.#lineOf(node) === 0) {
      if (name === "Timeout") return this.#repeats(node) ? "a timer that repeats" : "a timer";
      if (name === "Immediate") return "setImmediate";
      if (name === "Module" && kindOf(graph, from) === OBJECT)
        return moduleRoot(this.#filenameOf(node), "exports");
      if (GENERATORS.has(name)) return this.#suspended(node);
    }
    if (kind === NATIVE) {
      if (name === "DOMTimer") return "a timer";
      if (isGlobal(name)) return "the page";
      // What elements hold has a way by the document, or by whoever keeps them.
      return name.endsWith("EventTargetData") && isGlobal(nameOf(graph, from))
        ? "a listener of Window"
        : null;
    }
    if (edgeKind(graph, edge) === PROPERTY_EDGE) {
      const property = graph.strings.at(edgeName(graph, edge));
      if ((property === "_events" || property === "<symbol kEvents>") && this.#lineOf(from) === 0) {
        const type = typeOf(graph, from);
        // An emitter of the program's that is not followed is better told by who holds it.
        if (!isPrograms(way.root, type)) return `a listener of ${type}`;
      }
    }
    return null;
  }

  /** Whether it is an interval's: its `_repeat` is in milliseconds on Node, `true` on Deno. */
  #repeats(timeout: number): boolean {
    const graph = this.#graph;
    const repeat = follow(graph, timeout, PROPERTY_EDGE, "_repeat");
    return repeat !== -1 && (numberOf(graph, repeat) !== null || nameOf(graph, repeat) === "true");
  }

  /** V8 names global objects in several ways; what leads to them is always the same. */
  #isGlobal(node: number, from: number, edge: number): boolean {
    const graph = this.#graph;
    if (isGlobal(nameOf(graph, node))) return true;
    if (edgeKind(graph, edge) === SHORTCUT_EDGE) return from === 0;
    return (
      edgeKind(graph, edge) === INTERNAL_EDGE &&
      graph.strings.at(edgeName(graph, edge)).startsWith("global_") &&
      isEngines(nameOf(graph, from), "NativeContext")
    );
  }

  /** A module's variables stand in a context whose extension is the module. */
  #moduleOfContext(context: number, hasLine: boolean): string | null {
    const module = follow(this.#graph, context, INTERNAL_EDGE, "extension");
    if (module === -1) return null;
    const name = nameOf(this.#graph, module);
    if (isEngines(name, "SourceTextModule"))
      return moduleRoot(this.#scripts.scriptOf(this.#moduleFunction(module)));
    return !hasLine && GENERATORS.has(name) ? this.#suspended(module) : null;
  }

  /** The function of a module's own code, by which V8 tells its file. */
  #moduleFunction(module: number): number {
    let found = 0;
    someEdge(this.#graph, module, (edge) => {
      const target = this.#graph.targets[edge];
      if (kindOf(this.#graph, target) === OBJECT && GENERATORS.has(nameOf(this.#graph, target)))
        found = Math.max(0, follow(this.#graph, target, INTERNAL_EDGE, "function"));
      return found > 0;
    });
    return found;
  }

  #filenameOf(module: number): string {
    const node = follow(this.#graph, module, PROPERTY_EDGE, "filename");
    return node !== -1 && kindOf(this.#graph, node) === STRING ? nameOf(this.#graph, node) : "";
  }

  #suspended(generator: number): string | null {
    const own = suspendedFunction(this.#graph, generator);
    if (own === -1) return null;
    const name = functionName(this.#graph, own);
    if (name !== null) return `a suspended call of ${name}`;
    const file = this.#scripts.scriptOf(own);
    return file === "" ? "a suspended call" : `a suspended call in ${file}`;
  }
}

/** Whether a way that begins so leads to an object of the program's; `process` is global, too. */
function isPrograms(root: string, type: string): boolean {
  return root === GLOBAL ? type !== "process" : /^a (?:module's|suspended call|local)/.test(root);
}

const GLOBAL = "a global variable";

const GENERATORS: ReadonlySet<string> = new Set([
  "Generator",
  "AsyncGenerator",
  "AsyncFunction",
  "system / JSAsyncFunctionObject",
]);

const ROOTS: Readonly<Record<string, string>> = {
  "(Stack roots)": "a local of a running function",
  "(Handle scope)": "a handle of the runtime's",
  "(Micro tasks)": "a job that waits for its turn",
  "(Global handles)": "the runtime",
  "(Traced handles)": "the page",
};

function moduleRoot(file: string, what = "variable"): string {
  return file === "" ? `a module's ${what}` : `a module's ${what} (${plainPath(file)})`;
}

/** The function whose call waits in a generator or an async function; -1: the node is no such call. */
export function suspendedFunction(graph: HeapGraph, node: number): number {
  if (kindOf(graph, node) !== OBJECT || !GENERATORS.has(nameOf(graph, node))) return -1;
  return follow(graph, node, INTERNAL_EDGE, "function");
}

/** A function's name; null where it has none. */
export function functionName(graph: HeapGraph, node: number): string | null {
  if (kindOf(graph, node) !== CLOSURE) return null;
  const name = nameOf(graph, node);
  return name === "" ? null : name.slice(0, 100);
}
