import { follow, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf, NAME_MASK, nameOf } from "./heap_graph.ts";
import { ARRAY, INTERNAL_EDGE, OBJECT, STRING } from "./node_types.ts";

/** A name that stands in code may be shown; one that is data must not. */
const IDENTIFIER = /^[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Names that runtimes have on their global object, which is a dictionary. */
const GLOBALS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

/**
 * Tells names of properties that code has from those that are data: users' names, sessions' numbers, paths that were asked for. A name is
 * code's where V8's compiled code has it as a constant, where it is a word of the program's source or a name of the runtime's own, or where it is an identifier
 * on an object that the runtime made itself, and that is no dictionary.
 */
export class CodeNames {
  readonly #graph: HeapGraph;
  readonly #isWord: (word: string) => boolean;
  #constants: Uint8Array | null = null;
  readonly #known = new Map<number, boolean>();

  /** @param isWord Whether the program's source has this word. */
  constructor(graph: HeapGraph, isWord: (word: string) => boolean) {
    this.#graph = graph;
    this.#isWord = isWord;
  }

  /**
   * @param name The number of the name.
   * @param owner The node whose property it is.
   * @param isOfProgram Whether a line of the program made the owner.
   */
  isCode(name: number, owner: number, isOfProgram: boolean): boolean {
    let known = this.#known.get(name);
    if (known === undefined) {
      const text = this.#graph.strings.at(name).replace(/^(?:get|set) /, "");
      // V8 shows symbols like this; what describes them stands in code.
      const symbol = /^<symbol (.*)>$/s.exec(text)?.[1];
      known =
        symbol === undefined
          ? IDENTIFIER.test(text) && (GLOBALS.has(text) || this.#isConstant(name) || this.#isWord(text))
          : IDENTIFIER.test(symbol.replaceAll(/[.: -]/g, "_"));
      this.#known.set(name, known);
    }
    return known || (!isOfProgram && this.#isRuntimes(name, owner));
  }

  #isRuntimes(name: number, owner: number): boolean {
    const { strings } = this.#graph;
    const text = strings.at(name);
    const word = /^<symbol ([\w.]*)>$/.exec(text)?.[1]?.replaceAll(".", "_") ?? text;
    if (!IDENTIFIER.test(word)) return false;
    const type = nameOf(this.#graph, owner);
    if (kindOf(this.#graph, owner) === OBJECT && (type === "Object" || type === "Array" || type === ""))
      return false;
    const properties = follow(this.#graph, owner, INTERNAL_EDGE, "properties");
    return properties === -1 || kindOf(this.#graph, properties) !== ARRAY;
  }

  /** Whether compiled code has the string as a constant. */
  #isConstant(name: number): boolean {
    this.#constants ??= this.#findConstants();
    return this.#constants[name] === 1;
  }

  #findConstants(): Uint8Array {
    const graph = this.#graph;
    const found = new Uint8Array(graph.strings.length);
    const note = (node: number): void => {
      if (kindOf(graph, node) === STRING) found[graph.kindAndName[node] & NAME_MASK] = 1;
    };
    const pool = graph.strings.indexOf("(constant pool)");
    if (pool === -1) return found;
    for (let node = 0; node < graph.nodeCount; node++)
      if ((graph.kindAndName[node] & NAME_MASK) === pool)
        someEdge(graph, node, (edge) => note(graph.targets[edge]));
    return found;
  }
}

/** The words of texts; made when the first is asked for. */
export function wordsOf(texts: () => Iterable<string>): (word: string) => boolean {
  let words: Set<string> | null = null;
  return (word) => {
    if (words === null) {
      words = new Set();
      for (const text of texts())
        for (const found of text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []) words.add(found);
    }
    return words.has(word.replace(/^#/, ""));
  };
}
