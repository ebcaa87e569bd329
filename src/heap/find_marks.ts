import { edgeKind, edgeName, follow, followNumbered, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf, NAME_MASK, nameOf } from "./heap_graph.ts";
import { INTERNAL_EDGE, NUMBER, OBJECT, PROPERTY_EDGE, WEAK_EDGE } from "./node_types.ts";
import { PairNames } from "./weak_maps.ts";

/** Marks that were found in a heap. */
export interface FoundMarks {
  /** By node: the mark's number, 0: none. */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** How many marks there are. */
  readonly count: number;
  /** Nodes that stand for more objects than themselves (adaptive mode), and for how many. */
  readonly weights: Map<number, number>;
  /** The tracker's own nodes that paths must not go through. */
  readonly own: ReadonlySet<number>;
  /** The objects that keep the marks of a session. */
  readonly keepers: readonly number[];
  /** By node: 1 where it is a token, or a table that an object has for its token alone. */
  readonly isToken: Uint8Array<ArrayBuffer>;
}

/** A session's object in the heap (`src/traces/session/session.ts`). Bundlers shorten names of classes, but not these. */
export interface FoundSession {
  readonly node: number;
  /** What keeps its marks. */
  readonly marks: number;
  /** When it started, which tells it from others; null: the snapshot was taken without numerical values. */
  readonly started: number | null;
}

// As `src/traces/following/held.ts` has it.
const DECISIONS = 64;

/** Names of a session's properties, the first of which leads to what has its marks. A test holds them against the session itself. */
export const SESSION_PROPERTIES: readonly string[] = ["following", "rows", "budget", "started"];

/** Names of what event targets bear for listeners that are counted, and emitters for many. A test holds them against its class. */
export const LISTENERS_PROPERTIES: readonly string[] = ["token", "last", "hasPassing"];

/** The same of what emitters bear. Nothing is there while it leads to no listener. */
export const EMITTER_PROPERTIES: readonly string[] = ["token", "firstKey", "first"];

/** Finds the sessions of the tracker: one as a rule, those that were stopped may still be there. */
export function findSessions(graph: HeapGraph): FoundSession[] {
  const found: FoundSession[] = [];
  eachWith(graph, SESSION_PROPERTIES, (node, [following, rows, budget, started]) => {
    // Without numerical values there is no edge to the number.
    if (following === -1 || rows === -1 || budget === -1) return;
    const marks = follow(graph, following, PROPERTY_EDGE, "marks");
    if (marks === -1) return;
    found.push({ node, marks, started: started === -1 ? null : numberOf(graph, started) });
  });
  return found;
}

function findListeners(graph: HeapGraph): number[] {
  const found: number[] = [];
  const names = [...new Set([...LISTENERS_PROPERTIES, ...EMITTER_PROPERTIES])];
  eachWith(graph, names, (node, targets) => {
    const isThere = (name: string): boolean => targets[names.indexOf(name)] !== -1;
    if (LISTENERS_PROPERTIES.every(isThere) || EMITTER_PROPERTIES.every(isThere)) found.push(node);
  });
  return found;
}

/** Calls `visit` with each object, and where its properties of these names lead to; -1: it has none such. None has all of them without the first. */
function eachWith(
  graph: HeapGraph,
  properties: readonly string[],
  visit: (node: number, targets: readonly number[]) => void,
): void {
  const names = properties.map((name) => graph.strings.indexOf(name));
  if (names[0] === -1) return;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (kindOf(graph, node) !== OBJECT) continue;
    const targets = names.map(() => -1);
    someEdge(graph, node, (edge) => {
      if (edgeKind(graph, edge) !== PROPERTY_EDGE) return;
      const at = names.indexOf(edgeName(graph, edge));
      if (at !== -1) targets[at] = graph.targets[edge];
    });
    visit(node, targets);
  }
}

/** Finds the tracker's marks in a heap, whose WeakMaps' tables have been made weak. */
export function findMarks(graph: HeapGraph, sessions: readonly FoundSession[]): FoundMarks {
  const ids = new Uint32Array(graph.nodeCount);
  const weights = new Map<number, number>();
  const keepers = sessions.map(({ marks }) => marks);
  const { tokenIds, isToken, stamps } = findTokens(graph);
  let count = 0;
  const mark = (node: number, id: number): void => {
    if (ids[node] !== 0 || id <= 0) return;
    ids[node] = id;
    count++;
  };
  const pairs = new PairNames(graph);
  const maps = mapsOf(graph, keepers);
  const tables = tableNumbers(graph, pairs, maps);
  const propertiesName = graph.strings.indexOf("properties");
  for (let node = 0; node < graph.nodeCount; node++) {
    let isStamped = false;
    let properties = -1;
    someEdge(graph, node, (edge) => {
      const kind = edgeKind(graph, edge);
      const target = graph.targets[edge];
      if (kind === PROPERTY_EDGE) {
        if (isToken[target] === 0 || !stamps.has(edgeName(graph, edge))) return;
        mark(node, tokenIds[target]);
        isStamped = true;
        return;
      }
      if (kind !== INTERNAL_EDGE) return;
      if (edgeName(graph, edge) === propertiesName) properties = target;
      if (!pairs.has(edgeName(graph, edge))) return;
      // Objects that bear no field have their token in a map.
      if (isToken[target] === 1) mark(node, tokenIds[target]);
      else if (tables.has(pairs.tableOf(edgeName(graph, edge)))) markHeld(node, target);
    });
    if (isStamped && properties !== -1 && isTokensTable(graph, properties, isToken)) isToken[properties] = 1;
  }

  function markHeld(node: number, target: number): void {
    const held = kindOf(graph, target) === NUMBER ? numberOf(graph, target) : onlyNumber(graph, target);
    if (held === null) return;
    mark(node, Math.floor(held / DECISIONS));
    const decision = (held % DECISIONS) - 1;
    if (decision !== 0) weights.set(node, decision < 0 ? 0 : 2 ** decision);
  }

  const own = new Set([...sessions.map(({ node }) => node), ...keepers, ...maps, ...findListeners(graph)]);
  return { ids, count, weights, own, keepers, isToken };
}

/** Tokens of exact mode, and the names of the private fields that lead to them. */
interface FoundTokens {
  readonly stamps: ReadonlySet<number>;
  readonly isToken: Uint8Array<ArrayBuffer>;
  /** By token: its number. */
  readonly tokenIds: Uint32Array<ArrayBuffer>;
}

/**
 * A token is an object that has a number as its `id` and nothing else, and that a private field leads to; of a class of ours where classes have
 * their names.
 */
function findTokens(graph: HeapGraph): FoundTokens {
  const { nodeCount, strings, kindAndName, targets } = graph;
  const isToken = new Uint8Array(nodeCount);
  const tokenIds = new Uint32Array(nodeCount);
  const stamps = new Set<number>();
  const number = numberReader(graph);
  const [id, proto, plain] = ["id", "__proto__", "Object"].map((name) => strings.indexOf(name));
  const names = new Map<number, boolean>();
  const isOurs = (name: number): boolean => {
    let known = names.get(name);
    if (known === undefined) names.set(name, (known = OWN_TOKEN.test(strings.at(name))));
    return known;
  };
  let hasNames = false;
  for (let node = 0; node < nodeCount && id !== -1; node++) {
    const name = kindAndName[node] & NAME_MASK;
    if (kindOf(graph, node) !== OBJECT || name === plain) continue;
    let target = -1;
    let others = 0;
    someEdge(graph, node, (edge) => {
      if (edgeKind(graph, edge) !== PROPERTY_EDGE) return false;
      if (edgeName(graph, edge) === id) target = targets[edge];
      else if (edgeName(graph, edge) !== proto) others++;
      return others > 0;
    });
    if (target === -1 || others > 0 || kindOf(graph, target) !== NUMBER) continue;
    const value = number(target);
    if (value === null || value >= 2 ** 32) continue;
    isToken[node] = 1;
    tokenIds[node] = value;
    if (isOurs(name)) hasNames = true;
  }
  if (hasNames)
    for (let node = 0; node < nodeCount; node++)
      if (isToken[node] === 1 && !isOurs(kindAndName[node] & NAME_MASK)) isToken[node] = 0;
  const isPrivate = new Map<number, boolean>();
  for (let node = 0; node < nodeCount; node++)
    someEdge(graph, node, (edge) => {
      if (edgeKind(graph, edge) !== PROPERTY_EDGE || isToken[targets[edge]] === 0) return;
      const name = edgeName(graph, edge);
      if (!isPrivate.has(name)) isPrivate.set(name, strings.at(name).startsWith("#"));
      if (isPrivate.get(name) === true) stamps.add(name);
    });
  return { stamps, isToken, tokenIds };
}

/** V8 has room for three properties in the smallest table, which an object without room of its own gets for its stamp. */
const SMALLEST_TABLE = 40;

function isTokensTable(graph: HeapGraph, table: number, isToken: Uint8Array): boolean {
  if (graph.sizes.at(table) > SMALLEST_TABLE) return false;
  let tokens = 0;
  const hasOther = someEdge(graph, table, (edge) => {
    // To its own shape.
    if (edgeKind(graph, edge) === INTERNAL_EDGE) return false;
    if (isToken[graph.targets[edge]] === 1) tokens++;
    return isToken[graph.targets[edge]] === 0;
  });
  return tokens > 0 && !hasOther;
}

/** What joins modules numbers names of which there are two. */
const OWN_TOKEN = /^(?:Unwatched)?Token(?:\$\d+)?$/;

/** The WeakMaps in which sessions keep marks. */
function mapsOf(graph: HeapGraph, keepers: readonly number[]): number[] {
  return keepers.flatMap((keeper) => {
    const found: number[] = [];
    someEdge(graph, keeper, (edge) => {
      const target = graph.targets[edge];
      if (edgeKind(graph, edge) === PROPERTY_EDGE && follow(graph, target, INTERNAL_EDGE, "table") !== -1)
        found.push(target);
    });
    return found;
  });
}

/** V8's numbers of the maps' tables, which stand in the names of their pairs. */
export function tableNumbers(graph: HeapGraph, pairs: PairNames, maps: readonly number[]): Set<string> {
  const found = new Set<string>();
  for (const map of maps)
    someEdge(graph, follow(graph, map, INTERNAL_EDGE, "table"), (edge) => {
      if (edgeKind(graph, edge) !== WEAK_EDGE || !pairs.has(edgeName(graph, edge))) return false;
      found.add(pairs.tableOf(edgeName(graph, edge)));
      return true;
    });
  return found;
}

/** `numberOf` for very many nodes: V8 writes equal small numbers as one node. */
function numberReader(graph: HeapGraph): (node: number) => number | null {
  const { strings } = graph;
  const value = strings.indexOf("value");
  return (node) => {
    const text = followNumbered(graph, node, INTERNAL_EDGE, value);
    return text === -1 ? null : parsedNumber(nameOf(graph, text));
  };
}

function parsedNumber(text: string): number | null {
  return /^\d[\d.]*(?:e[+-]?\d+)?$/.test(text) ? Number(text) : null;
}

/** What a number node says; null where the snapshot was taken without numerical values. */
export function numberOf(graph: HeapGraph, node: number): number | null {
  const value = follow(graph, node, INTERNAL_EDGE, "value");
  return value === -1 ? null : parsedNumber(nameOf(graph, value));
}

/** The number that an object has as its only one (a token of adaptive mode's). */
function onlyNumber(graph: HeapGraph, node: number): number | null {
  let found: number | null = null;
  someEdge(graph, node, (edge) => {
    if (edgeKind(graph, edge) !== PROPERTY_EDGE || kindOf(graph, graph.targets[edge]) !== NUMBER) return;
    found = numberOf(graph, graph.targets[edge]);
  });
  return found;
}
