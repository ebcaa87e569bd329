import type * as t from "@babel/types";
import { CALLING, CALLING_CONSTRUCTORS } from "../../sites/builtin_tables.ts";
import { type Node, unwrap } from "../syntax/ast.ts";
import { isReadByBundlers } from "../syntax/bundler_syntax.ts";
import type { Planner } from "./planner.ts";

type AnnouncedNode = t.CallExpression | t.NewExpression | t.OptionalCallExpression;

/** How a call is announced: what `i` goes around (see `track/announced.ts`), null for in front of the call. */
export interface Announcement {
  readonly node: AnnouncedNode;
  readonly around: Node | null;
}

// Arguments without which the function runs none of the program's code.
const FEWEST_ARGUMENTS: Readonly<Record<string, number>> = {
  parse: 2,
  replace: 2,
  replaceAll: 2,
  toArray: 0,
};

/** Those that a literal at the end tells to run nothing: `Buffer.from("…", "hex")`, `text.replace(/a/g, "b")`. */
const CALLING_UNLESS_LITERAL = new Set(["from", "replace", "replaceAll"]);

/** Those that give their own object back where nothing is found. */
const GIVING_ITSELF = new Set(["replace", "replaceAll"]);

/** How to announce the call, if it may be of a built-in function that runs the program's code; else null. */
export function announcementOf(node: Node): Announcement | null {
  if (node.type === "NewExpression") {
    if (node.callee.type !== "Identifier" || !CALLING_CONSTRUCTORS.has(node.callee.name)) return null;
    return aroundLast(node);
  }
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return null;
  const name = calledName(node);
  if (name === null || !CALLING.has(name)) return null;
  const { length } = node.arguments;
  if (length < (FEWEST_ARGUMENTS[name] ?? 1)) return null;
  if (length === 0) return aroundObject(node);
  if (CALLING_UNLESS_LITERAL.has(name) && isLiteral(node.arguments[length - 1])) return null;
  return aroundLast(node);
}

/** A function that is no method has to be a global one: `structuredClone`. */
function calledName({ callee }: t.CallExpression | t.OptionalCallExpression): string | null {
  if (callee.type === "Identifier") return callee.name === "structuredClone" ? callee.name : null;
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return null;
  return !callee.computed && callee.property.type === "Identifier" ? callee.property.name : null;
}

function aroundLast(node: AnnouncedNode): Announcement | null {
  const last = node.arguments?.at(-1);
  if (last === undefined || last.type === "SpreadElement" || last.type === "ArgumentPlaceholder") return null;
  return isReadByBundlers(node, last) ? null : { node, around: last };
}

/** Without an argument the object is the last thing to go around; a name stays as it is, for the sake of messages. */
function aroundObject(node: AnnouncedNode): Announcement | null {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return null;
  const { object } = node.callee;
  if (object.type === "Super") return null;
  return { node, around: isName(object) ? null : object };
}

function isName(node: Node): boolean {
  while (node.type === "MemberExpression" && !node.computed) node = node.object;
  return node.type === "Identifier" || node.type === "ThisExpression" || node.type === "Super";
}

function isLiteral(node: Node): boolean {
  const { type } = unwrap(node);
  return type === "StringLiteral" || type === "TemplateLiteral" || type === "NumericLiteral";
}

/** Opens what goes around the whole call. */
export function settleStart({ edits, emitter, scope }: Planner, { node, around }: Announcement): void {
  const ahead = around === null ? emitter.announceAhead(scope.access) : "";
  edits.start(node.start!, emitter.settleStart(scope.access) + ahead);
}

/** Opens what goes around an argument or the object. */
export function announceStart({ edits, emitter, scope }: Planner, node: Node): void {
  edits.start(node.start!, emitter.announceStart(scope.access));
}

/** Closes both. */
export function announcementEnd({ edits, emitter }: Planner, { node, around }: Announcement): void {
  if (around !== null) edits.end(around.end!, emitter.announceEnd());
  const ahead = around === null ? emitter.callEnd() : "";
  edits.end(node.end!, ahead + emitter.announceEnd(receiverName(node)));
}

/** The name of the object that the function may give back: reading it again runs nothing. */
function receiverName(node: AnnouncedNode): string {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return "";
  return callee.property.type === "Identifier" && GIVING_ITSELF.has(callee.property.name)
    ? callee.object.name
    : "";
}
