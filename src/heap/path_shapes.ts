import type { CodeNames } from "./code_names.ts";
import { dataKey } from "./data_keys.ts";
import type { Place as SourcePlace } from "./dump_marks.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import type { Hop } from "./heap_report.ts";
import { emptyHop, HopCounts, isSame, withKeys, withoutMiddle, withTimes } from "./hops.ts";
import { CLOSURE } from "./node_types.ts";
import { type EdgeWords, isShown, NO_WORDS, typeOf, wordsOfEdge } from "./node_words.ts";
import { functionName, PathRoots, suspendedFunction } from "./path_roots.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";
import { NOWHERE, type ShortestPaths } from "./shortest_paths.ts";
import type { VariableUsers } from "./variable_users.ts";

/** Linked lists of so many kinds of items are folded. */
const LONGEST_PERIOD = 3;
/** Objects are listed by their way in full as long as there are so few hops; the middle of longer ones is left out. */
const MOST_HOPS = 40;

/** Of ways on which nothing says more. */
const NO_ROOT = "the heap's roots";

/** A hop in a chain of hops. */
interface Link {
  readonly above: number;
  readonly hop: Omit<Hop, "times">;
  /** Hops from the root. */
  readonly depth: number;
}

/** Where a way stands at a node. */
interface Place {
  readonly root: string;
  /** Number of a link; 0: no hop so far. */
  readonly link: number;
  /** Of the edges since the last node that is shown. */
  readonly words: EdgeWords;
  /** Whether a hop has a line: from there on nothing is a root any more. */
  readonly hasLine: boolean;
}

/** What shapes of ways are made of. */
export interface PathSources {
  readonly graph: HeapGraph;
  readonly paths: ShortestPaths;
  /** Gives the line that made a node, from 1 on; 0: none is known. */
  readonly lineOf: (node: number) => number;
  /** Place `i - 1` is line `i`'s. */
  readonly places: readonly SourcePlace[];
  readonly names: CodeNames;
  readonly scripts: Scripts;
  /** Whether descriptions tell keys that are data. */
  readonly keys: boolean;
  /** Absent: a way may lead through any function that holds a variable. */
  readonly users?: VariableUsers;
}

/**
 * Gives ways the number of their shape: the root, and the edges, types and lines on the way. Repeated hops are one, so that the items of a
 * list have all the same.
 */
export class PathShapes {
  readonly #graph: HeapGraph;
  readonly #paths: ShortestPaths;
  readonly #lineOf: (node: number) => number;
  readonly #linePlaces: readonly SourcePlace[];
  readonly #names: CodeNames;
  readonly #scripts: Scripts;
  readonly #roots: PathRoots;
  readonly #keys: boolean;
  readonly #users: VariableUsers | undefined;
  /** By node: its place + 1; 0: not asked yet. */
  readonly #known: Uint32Array<ArrayBuffer>;
  readonly #places: Place[] = [];
  readonly #placeNumbers = new Map<string, number>();
  readonly #links: Link[] = [{ above: 0, hop: emptyHop(), depth: 0 }];
  readonly #linkNumbers = new Map<string, number>();
  readonly #isCode = (name: number, owner: number): boolean =>
    this.#names.isCode(name, owner, this.#lineOf(owner) !== 0);

  constructor({ graph, paths, lineOf, places, names, scripts, keys, users }: PathSources) {
    this.#keys = keys;
    this.#users = users;
    this.#graph = graph;
    this.#paths = paths;
    this.#lineOf = lineOf;
    this.#linePlaces = places;
    this.#names = names;
    this.#scripts = scripts;
    this.#roots = new PathRoots({ graph, lineOf, scripts });
    this.#known = new Uint32Array(graph.nodeCount);
  }

  /** The shape of the way to a node; -1: there is none. */
  of(node: number): number {
    const { parent } = this.#paths;
    if (parent[node] === NOWHERE) return -1;
    const way: number[] = [];
    let at = node;
    while (this.#known[at] === 0 && at !== 0) {
      way.push(at);
      at = parent[at];
    }
    let place =
      at === 0
        ? { root: NO_ROOT, link: 0, words: NO_WORDS, hasLine: false }
        : this.#places[this.#known[at] - 1];
    while (way.length > 0) {
      at = way.pop()!;
      place = this.#step(place, at);
      this.#known[at] = this.#numberOf(place) + 1;
    }
    return node === 0 ? -1 : this.#known[node] - 1;
  }

  /** A shape in words, with the repeats on the way to `node`, which is of that shape. */
  describe(shape: number, node: number): { root: string; hops: Hop[] } {
    const { root, link } = this.#places[shape];
    const all = this.#unfolded(node);
    const hops = this.#throughUsers(node, withTimes(this.#chain(link), all));
    return { root, hops: [...withoutMiddle(this.#keys ? withKeys(hops, all) : hops, MOST_HOPS)] };
  }

  /** In the place of functions that have nothing to do with the variable by which the way goes on, those that have. */
  #throughUsers(node: number, hops: Hop[]): Hop[] {
    const { parent, edge } = this.#paths;
    let found = hops;
    for (let at = node; at !== 0; at = parent[at]) {
      const closure = parent[parent[at]];
      if (kindOf(this.#graph, closure) !== CLOSURE || closure === 0) continue;
      const [, variable] = /^context \.(.+)$/.exec(this.#wordsOf(parent[at], edge[at])) ?? [];
      if (variable === undefined) continue;
      const holder = parent[closure];
      const other = this.#users?.insteadOf(closure, holder, variable);
      if (!other) continue;
      const old = this.#hopOf(closure, this.#wordsOf(holder, edge[closure]));
      const hop = this.#hopOf(other.closure, this.#wordsOf(holder, other.edge));
      found = found.map((each) => (isSame(each, old) ? { ...each, ...hop } : each));
    }
    return found;
  }

  #wordsOf(from: number, edge: number): string {
    return wordsOfEdge(this.#graph, { from, edge }, this.#isCode).text;
  }

  #numberOf(place: Place): number {
    const { root, link, words, hasLine } = place;
    const key = `${link} ${hasLine ? 1 : 0} ${words.rank} ${words.text}\n${root}`;
    let number = this.#placeNumbers.get(key);
    if (number === undefined) {
      number = this.#places.push(place) - 1;
      this.#placeNumbers.set(key, number);
    }
    return number;
  }

  #step(place: Place, node: number): Place {
    const graph = this.#graph;
    const from = this.#paths.parent[node];
    const edge = this.#paths.edge[node];
    const words = better(place.words, wordsOfEdge(graph, { from, edge }, this.#isCode), graph, from);
    const root = this.#roots.at(node, from, edge, place);
    if (root !== null) return { root, link: 0, words: NO_WORDS, hasLine: false };
    if (!isShown(graph, node)) return { ...place, words };
    const hop = this.#hopOf(node, words.text);
    return {
      root: place.root,
      link: this.#link(place.link, hop),
      words: NO_WORDS,
      hasLine: place.hasLine || this.#lineOf(node) !== 0,
    };
  }

  #hopOf(node: number, edge: string): Omit<Hop, "times"> {
    const suspended = suspendedFunction(this.#graph, node);
    if (suspended !== -1) return { ...this.#hopOf(suspended, edge), type: "suspended call" };
    const type = typeOf(this.#graph, node);
    const line = this.#lineOf(node);
    if (line !== 0) return { edge, type, ...this.#linePlaces[line - 1] };
    // V8 knows of every function where it stands.
    const place = kindOf(this.#graph, node) === CLOSURE ? this.#scripts.placeOf(node) : null;
    if (place === null || isRuntimes(place.filename))
      return { edge, type, filename: null, lineno: null, functionName: functionName(this.#graph, node) };
    return { edge, type, ...place, functionName: functionName(this.#graph, node) };
  }

  /** A hop below another one. One that goes on as the hops before have is one of these. */
  #link(above: number, hop: Omit<Hop, "times">): number {
    const links = this.#links;
    let end = above;
    for (let period = 1; period <= LONGEST_PERIOD && end !== 0; period++, end = links[end].above) {
      if (!isSame(links[end].hop, hop) || links[above].depth < period * 2 - 1) continue;
      if (this.#repeats(above, hop, period)) return this.#linkAbove(above, period - 1);
    }
    const key = `${above} ${hop.edge}\n${hop.type}\n${hop.filename}\n${hop.lineno}\n${hop.functionName}`;
    let number = this.#linkNumbers.get(key);
    if (number === undefined) {
      number = links.push({ above, hop, depth: links[above].depth + 1 }) - 1;
      this.#linkNumbers.set(key, number);
    }
    return number;
  }

  /** Whether the last hops, with one more, are twice the same. */
  #repeats(above: number, hop: Omit<Hop, "times">, period: number): boolean {
    const links = this.#links;
    let late = above;
    let early = this.#linkAbove(above, period);
    for (let i = 0; i < period - 1; i++) {
      if (early === 0 || !isSame(links[late].hop, links[early].hop)) return false;
      late = links[late].above;
      early = links[early].above;
    }
    return isSame(links[this.#linkAbove(above, period - 1)].hop, hop);
  }

  #linkAbove(link: number, steps: number): number {
    let at = link;
    for (let i = 0; i < steps; i++) at = this.#links[at].above;
    return at;
  }

  #chain(link: number): Omit<Hop, "times">[] {
    const hops: Omit<Hop, "times">[] = [];
    for (let at = link; at !== 0; at = this.#links[at].above) hops.push(this.#links[at].hop);
    return hops.reverse();
  }

  /** All hops to a node, none folded. */
  #unfolded(node: number): HopCounts {
    const way: number[] = [];
    for (let at = node; at !== 0; at = this.#paths.parent[at]) way.push(at);
    let hops = new HopCounts();
    let words = NO_WORDS;
    const passed = { root: NO_ROOT, hasLine: false };
    for (const at of way.reverse()) {
      const from = this.#paths.parent[at];
      const edge = this.#paths.edge[at];
      words = better(words, wordsOfEdge(this.#graph, { from, edge }, this.#isCode), this.#graph, from);
      const root = this.#roots.at(at, from, edge, passed);
      if (root !== null) {
        hops = new HopCounts();
        words = NO_WORDS;
        passed.root = root;
        passed.hasLine = false;
      } else if (isShown(this.#graph, at)) {
        const key = this.#keys && words.text === "[key]" ? dataKey(this.#graph, from, edge) : null;
        hops.add({ ...this.#hopOf(at, words.text), key });
        words = NO_WORDS;
        passed.hasLine ||= this.#lineOf(at) !== 0;
      }
    }
    return hops;
  }
}

/** The words of a way of several edges: those that say most, and of such the last. */
function better(before: EdgeWords, now: EdgeWords, graph: HeapGraph, from: number): EdgeWords {
  // The table of a Set has no keys that are data, but for its items.
  if (now.text === "[key]" && nameOf(graph, from) === "Set") return { text: "[]", rank: now.rank };
  return now.rank >= before.rank ? now : before;
}
