import { edgeKind, edgeName, follow, someEdge } from "./edges.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import {
  BIGINT,
  CLOSURE,
  CONTEXT_EDGE,
  ELEMENT_EDGE,
  HIDDEN_EDGE,
  INTERNAL_EDGE,
  NATIVE,
  OBJECT,
  PROPERTY_EDGE,
  REGEXP,
  SHORTCUT_EDGE,
  STRING,
  SYNTHETIC,
} from "./node_types.ts";

/** Whether a name is that of one of the engine's own things. Newer V8s say more: `system / Context / scope @7`. */
export function isEngines(name: string, what: string): boolean {
  return (
    name.startsWith(`system / ${what}`) &&
    (name.length === what.length + 9 || name.startsWith(" / ", what.length + 9))
  );
}

/** What Chromium has of its own between an element and its listener, or a window and a timer's function. */
const PAGES_OWN = /^(?:blink::|V8[A-Z]|ScheduledAction$|(?:Registered)?EventListener$)/;

/** Whether a node is something that the program's author knows: an object, a function; not what the engine made to build it of. */
export function isShown(graph: HeapGraph, node: number): boolean {
  const kind = kindOf(graph, node);
  if (kind === CLOSURE || kind === REGEXP || kind === STRING || kind === BIGINT) return true;
  if (kind !== OBJECT && kind !== NATIVE) return false;
  const name = nameOf(graph, node);
  if (kind === NATIVE && PAGES_OWN.test(name)) return false;
  return !name.startsWith("system / ") && !name.startsWith("(");
}

/** A node's type in words, without anything that is data. */
export function typeOf(graph: HeapGraph, node: number): string {
  const kind = kindOf(graph, node);
  if (kind === CLOSURE) return "closure";
  if (kind === REGEXP) return "RegExp";
  if (kind === STRING) return "string";
  if (kind === BIGINT) return "bigint";
  const name = nameOf(graph, node);
  // DOM nodes have their attributes in their names, global objects the address of their page.
  if (kind === NATIVE && isGlobal(name)) return "Window";
  if (kind === NATIVE) return name.replace(/^((?:Detached )?<[\w-]+)[^>]*>?.*$/s, "$1>").slice(0, 80);
  if (isGlobal(name)) return "global";
  return name.slice(0, 80) || "Object";
}

/** V8 names global objects after their constructor, tag and address. */
export function isGlobal(name: string): boolean {
  return /^(?:global|Window|Object)\b.* \/ /s.test(name) || name.startsWith("global (global");
}

/** How well an edge's words say what leads to what is shown next. */
const NOTHING = 0;
const INNER = 1;
const ITEM = 2;
const NAMED = 3;
const VARIABLE = 4;

/** Words for an edge, or for several of which only the last leads to what is shown. */
export interface EdgeWords {
  readonly text: string;
  readonly rank: number;
}

export const NO_WORDS: EdgeWords = { text: "", rank: NOTHING };

const REACTION: readonly EdgeWords[] = [
  NO_WORDS,
  { text: "then", rank: INNER },
  { text: "catch", rank: INNER },
  { text: "promise", rank: INNER },
];

const INNER_NAMES: Readonly<Record<string, string>> = {
  bound_function: "bound function",
  bound_this: "bound this",
  parameters_and_registers: "local",
  receiver: "this",
  reactions_or_result: "reaction",
  fulfill_handler: "then",
  reject_handler: "catch",
  promise_or_capability: "promise",
};

/** What an edge is called. `isCode` says whether a property's name may be shown. */
export function wordsOfEdge(
  graph: HeapGraph,
  { from, edge }: { readonly from: number; readonly edge: number },
  isCode: (name: number, owner: number) => boolean,
): EdgeWords {
  if (kindOf(graph, from) === SYNTHETIC) return NO_WORDS;
  const name = edgeName(graph, edge);
  switch (edgeKind(graph, edge)) {
    case CONTEXT_EDGE:
      return { text: `context .${graph.strings.at(name)}`, rank: VARIABLE };
    case PROPERTY_EDGE:
      return { text: isCode(name, from) ? `.${graph.strings.at(name)}` : "[key]", rank: NAMED };
    case ELEMENT_EDGE:
      return { text: "[]", rank: ITEM };
    case SHORTCUT_EDGE:
    case INTERNAL_EDGE:
      return innerWords(graph.strings.at(name));
    case HIDDEN_EDGE:
      return hiddenWords(graph, from, name);
    default:
      return NO_WORDS;
  }
}

function innerWords(name: string): EdgeWords {
  if (name === "table") return { text: "[key]", rank: NAMED };
  if (/^\d+$/.test(name)) return { text: "[]", rank: ITEM };
  if (name.includes("pair in WeakMap")) return { text: "[WeakMap's value]", rank: NAMED };
  if (name.startsWith("bound_argument")) return { text: "bound argument", rank: NAMED };
  const text = INNER_NAMES[name];
  if (text === undefined) return NO_WORDS;
  return { text, rank: text === "local" ? NAMED : INNER };
}

/** The variables of a block have no names in V8's edges: they stand, in the same order, in what describes the block. */
function hiddenWords(graph: HeapGraph, from: number, index: number): EdgeWords {
  const type = nameOf(graph, from);
  if (isEngines(type, "PromiseReaction")) return REACTION[index] ?? NO_WORDS;
  if (isEngines(type, "SourceTextModule")) return { text: "export", rank: NAMED };
  if (!isEngines(type, "Context")) return NO_WORDS;
  const scope = follow(graph, from, INTERNAL_EDGE, "scope_info");
  if (scope === -1) return NO_WORDS;
  const name = nameInScope(graph, scope, index);
  return name === "" ? NO_WORDS : { text: `context .${name}`, rank: VARIABLE };
}

function nameInScope(graph: HeapGraph, scope: number, index: number): string {
  let found = "";
  someEdge(graph, scope, (edge) => {
    if (edgeKind(graph, edge) !== HIDDEN_EDGE || edgeName(graph, edge) !== index) return false;
    const node = graph.targets[edge];
    if (kindOf(graph, node) === STRING) found = nameOf(graph, node);
    return true;
  });
  return found;
}
