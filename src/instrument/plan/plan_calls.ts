import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { isBuiltinCall, isSilentCall } from "../facts/builtin_calls.ts";
import { type Node, unwrap } from "../syntax/ast.ts";
import { isHoistedByTestRunners, isModuleUrl, isReadByBundlers } from "../syntax/bundler_syntax.ts";
import type { Edit } from "../text/edits.ts";
import {
  type Announcement,
  announcementEnd,
  announcementOf,
  announceStart,
  settleStart,
} from "./plan_announcements.ts";
import { isQuotedInMessage, planQuoted } from "./plan_quoted.ts";
import type { PendingStore, Planner } from "./planner.ts";
import { allocationEnd, allocationStart } from "./wrapping.ts";

type CallNode = t.CallExpression | t.NewExpression | t.OptionalCallExpression | t.TaggedTemplateExpression;

/** Insertions around the last argument (or the object of a call without any), which stay empty unless needed. */
interface Keep {
  readonly start: Edit;
  readonly position: number;
}

// Called without `new`, these give a new object all the same. No Proxy takes their place: `[].constructor` and the prototype of
// `TypeError` lead to the originals, and what asks for species or compares with them would notice.
const CONSTRUCTORS_THAT_CALL = new Set([
  "Array",
  "Object",
  "RegExp",
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Function",
]);

/**
 * A call: its site is stored in the frame's slot before it is made. One store serves all calls of one line, since
 * frames are told apart by line: `f(g(x))` stores once, in front. Where the arguments hold calls of other lines, the
 * site is stored again after them.
 */
export function planCall(planner: Planner, node: CallNode): void {
  if (isExportByDescriptor(node) || isHoistedByTestRunners(node)) return;
  const allocates = isAllocation(node) && !isTarget(planner, node);
  // Its name is asked first, which most calls do not have.
  const named = announcementOf(node);
  const announcement = named !== null && mayAnnounce(planner, node) ? named : null;
  const store =
    planner.scope.access.framed &&
    (planner.calls ? !isSilentCall(node) : isBuiltinCall(node, planner.aliases)) &&
    mayStore(planner, node);
  const { scope } = planner;
  const position = callPosition(node);
  if (planner.places !== null && !isSilentCall(node)) planner.noteCall(position);
  const { where } = planner.place(position);
  if (isQuotedInMessage(planner, node)) {
    // Whatever is called in it is charged to this line, built-in functions too.
    if (scope.access.framed && mayStore(planner, node) && mayWrap(planner, node))
      planQuoted(planner, node, where);
    return;
  }
  const bare = "arguments" in node && node.arguments.length === 0 ? 1 : 0;
  let site = -1;
  let pending: PendingStore | null = null;
  if (store && scope.storedLine === where) {
    if (scope.pending !== null) scope.pending.isUsed = true;
  } else if (store && mayWrap(planner, node)) {
    site = planner.addSite(allocates ? Kind.construct : Kind.call, node, allocates ? bare : 0, position);
    pending = {
      start: planner.edits.start(node.start!, planner.emitter.callStart(site, scope.access)),
      isUsed: false,
    };
    scope.pending = pending;
    scope.storedLine = where;
  }
  if (allocates && site < 0) site = planner.addSite(Kind.construct, node, bare);
  const wrap = allocates ? allocationStart(planner, node, Member.maybeObject, site) : null;
  if (announcement !== null) settleStart(planner, announcement);
  const keep = visitParts(planner, node, store, announcement);
  if (store && scope.storedLine !== where) {
    if (keep !== null) {
      if (site < 0) site = planner.addSite(Kind.call, node, 0, position);
      keep.start.text = planner.emitter.keepStart();
      planner.edits.end(keep.position, planner.emitter.keepEnd(site, scope.access));
      scope.storedLine = where;
      if (pending !== null && !pending.isUsed) pending.start.text = "";
    } else planner.forgetStored();
  }
  if (announcement !== null) announcementEnd(planner, announcement);
  if (wrap !== null) allocationEnd(planner, node, wrap);
  if (pending !== null && pending.start.text !== "") planner.edits.end(node.end!, planner.emitter.callEnd());
  if (scope.pending === pending) scope.pending = null;
}

/** Callee and arguments; the last argument gets room for a store after it. */
function visitParts(
  planner: Planner,
  node: CallNode,
  store: boolean,
  announcement: Announcement | null,
): Keep | null {
  if (node.type === "TaggedTemplateExpression") {
    planner.visitUnder(node, "tag");
    planner.visitUnder(node.quasi, "expressions");
    return null;
  }
  const args = node.arguments ?? [];
  const around = announcement?.around ?? null;
  if (args.length === 0 && around !== null) announceStart(planner, around);
  const object = args.length === 0 && store ? calledObject(node) : null;
  const keepObject = object === null ? null : reserve(planner, object);
  planner.visitUnder(node, "callee");
  if (args.length === 0) return keepObject;
  let keep: Keep | null = null;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    if (isReadByBundlers(node, argument)) continue;
    if (argument === around) announceStart(planner, argument);
    if (index === args.length - 1 && store && argument.type !== "ArgumentPlaceholder") {
      keep = reserve(planner, argument.type === "SpreadElement" ? argument.argument : argument);
    }
    if (node.type === "OptionalCallExpression") {
      planner.maybe(() => planner.visitChild(node, argument, "arguments"));
    } else planner.visitChild(node, argument, "arguments");
  }
  return keep;
}

function reserve(planner: Planner, node: Node): Keep {
  return { start: planner.edits.start(node.start!, ""), position: node.end! };
}

/** `a().b` of `a().b()`, where `a()` is a value of its own that something can be put around. */
function calledObject(node: CallNode): Node | null {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return null;
  const { object } = node.callee;
  const inner = unwrap(object);
  return inner.type === "CallExpression" || inner.type === "NewExpression" ? object : null;
}

/** Whether something can be put around the call. The head of an optional chain is no part of what is skipped. */
function mayAnnounce(planner: Planner, node: CallNode): boolean {
  return (node.type !== "OptionalCallExpression" || mayWrap(planner, node)) && !isTarget(planner, node);
}

/** Whether the call, with any store, may be recorded at all. */
function mayStore(planner: Planner, node: CallNode): boolean {
  if (isTarget(planner, node)) return false;
  return node.type !== "CallExpression" || node.callee.type !== "Import";
}

/** `f() = 1` and `(f())++` fail when they run, in sloppy code; as the end of a sequence they would not even parse. */
function isTarget(planner: Planner, node: Node): boolean {
  let child = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    const parent = planner.ancestors[i];
    switch (parent.type) {
      case "ParenthesizedExpression":
        child = parent;
        continue;
      case "AssignmentExpression":
      case "ForInStatement":
      case "ForOfStatement":
        return parent.left === child;
      case "UpdateExpression":
        return true;
      default:
        return false;
    }
  }
  return false;
}

/** Within an optional chain, a bracket would end the part that is skipped. */
function mayWrap(planner: Planner, node: CallNode): boolean {
  let child: Node = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    const parent = planner.ancestors[i];
    if (parent.type === "TSNonNullExpression") {
      child = parent;
      continue;
    }
    if (parent.type === "OptionalMemberExpression") return parent.object !== child;
    if (parent.type === "OptionalCallExpression") return parent.callee !== child;
    break;
  }
  return true;
}

/** Where engines say that a call is: at the property's name, else at the callee. */
function callPosition(node: CallNode): Node {
  if (node.type === "NewExpression") return node;
  const callee = node.type === "TaggedTemplateExpression" ? node.tag : node.callee;
  const inner = unwrap(callee);
  if (inner.type === "MemberExpression" || inner.type === "OptionalMemberExpression") return inner.property;
  return node;
}

function isAllocation(node: CallNode): boolean {
  if (node.type === "NewExpression") return !isModuleUrl(node);
  return (
    node.type === "CallExpression" &&
    node.callee.type === "Identifier" &&
    CONSTRUCTORS_THAT_CALL.has(node.callee.name)
  );
}

/**
 * `Object.defineProperty(exports, "name", { get: function () {…} })`, as compilers write it: Deno's lexer drops the name
 * unless the descriptor is just as it expects. The getter allocates nothing.
 */
function isExportByDescriptor(node: CallNode): boolean {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  const [target] = node.arguments;
  return (
    object.type === "Identifier" &&
    object.name === "Object" &&
    property.type === "Identifier" &&
    property.name === "defineProperty" &&
    target?.type === "Identifier" &&
    target.name === "exports"
  );
}
