import type * as t from "@babel/types";
import { Kind } from "../kinds.ts";
import { type Node, unwrap } from "./ast.ts";
import type { Edit } from "./edits.ts";
import { isSilentCall } from "./function_facts.ts";
import { allocationEnd, allocationStart } from "./plan_allocations.ts";
import type { Planner } from "./planner.ts";

type CallNode = t.CallExpression | t.NewExpression | t.OptionalCallExpression | t.TaggedTemplateExpression;

/** A store that stands before a call and its arguments, as long as nobody relies on it. */
export interface PendingStore {
  readonly start: Edit;
  isUsed: boolean;
}

/** Insertions around the last argument (or the object of a call without any), which stay empty unless needed. */
interface Keep {
  readonly start: Edit;
  readonly position: number;
}

// Called without `new`, these give a new object all the same. (They cannot be watched by a Proxy: HAZARDS 19, 20.)
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
  const allocates = isAllocation(node) && !isTarget(planner, node);
  const store =
    planner.calls && planner.scope.access.framed && !isSilentCall(node) && mayStore(planner, node);
  const { scope } = planner;
  const position = callPosition(node);
  const { line } = planner.place(position);
  let site = -1;
  let pending: PendingStore | null = null;
  if (store && scope.storedLine === line) {
    if (scope.pending !== null) scope.pending.isUsed = true;
  } else if (store && mayWrap(planner, node)) {
    site = planner.addSite(allocates ? Kind.construct : Kind.call, node, 0, position);
    pending = {
      start: planner.edits.start(node.start!, planner.emitter.callStart(site, scope.access)),
      isUsed: false,
    };
    scope.pending = pending;
    scope.storedLine = line;
  }
  if (allocates && site < 0) site = planner.addSite(Kind.construct, node);
  const wrap = allocates ? allocationStart(planner, node, "n", site) : null;
  const keep = visitParts(planner, node, store);
  if (store && scope.storedLine !== line) {
    if (keep !== null) {
      if (site < 0) site = planner.addSite(Kind.call, node, 0, position);
      keep.start.text = planner.emitter.keepStart();
      planner.edits.end(keep.position, planner.emitter.keepEnd(site, scope.access));
      scope.storedLine = line;
      if (pending !== null && !pending.isUsed) pending.start.text = "";
    } else planner.forgetStored();
  }
  if (wrap !== null) allocationEnd(planner, node, wrap);
  if (pending !== null && pending.start.text !== "") planner.edits.end(node.end!, planner.emitter.callEnd());
  if (scope.pending === pending) scope.pending = null;
}

/** Callee and arguments; the last argument gets room for a store after it. */
function visitParts(planner: Planner, node: CallNode, store: boolean): Keep | null {
  if (node.type === "TaggedTemplateExpression") {
    planner.visitUnder(node, "tag");
    planner.visitUnder(node.quasi, "expressions");
    return null;
  }
  const args = node.arguments ?? [];
  const object = args.length === 0 && store ? calledObject(node) : null;
  const keepObject = object === null ? null : reserve(planner, object);
  planner.visitUnder(node, "callee");
  if (args.length === 0) return keepObject;
  let keep: Keep | null = null;
  for (const [index, argument] of args.entries()) {
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
  if (node.type === "NewExpression") return !isBundlerWorkerUrl(node);
  return (
    node.type === "CallExpression" &&
    node.callee.type === "Identifier" &&
    CONSTRUCTORS_THAT_CALL.has(node.callee.name)
  );
}

/** Bundlers look for `new URL("./file", import.meta.url)` as it is written. */
function isBundlerWorkerUrl(node: t.NewExpression): boolean {
  if (node.callee.type !== "Identifier" || node.callee.name !== "URL") return false;
  const base = node.arguments[1];
  return (
    base?.type === "MemberExpression" &&
    base.object.type === "MetaProperty" &&
    base.property.type === "Identifier" &&
    base.property.name === "url"
  );
}

/** JSX is a call of the runtime, which gives a new element. */
export function planJsx(planner: Planner, node: t.JSXElement | t.JSXFragment, key: string): void {
  const isNested = key === "children" || key === "value";
  const site = planner.addSite(Kind.jsx, node, jsxSize(node));
  if (isNested) planner.edits.start(node.start!, planner.emitter.openBracket("{"));
  const { scope } = planner;
  const store = planner.calls && scope.access.framed && !isNested;
  if (store) planner.edits.start(node.start!, planner.emitter.callStart(site, scope.access));
  const wrap = allocationStart(planner, node, "n", site);
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
  if (store) {
    planner.edits.end(node.end!, planner.emitter.callEnd());
    planner.forgetStored();
  }
  if (isNested) planner.edits.end(node.end!, planner.emitter.closeBracket("}"));
}

function jsxSize(node: t.JSXElement | t.JSXFragment): number {
  return node.type === "JSXElement" ? node.openingElement.attributes.length : 0;
}

/** `await E`: before it the frame is taken off, after it put back, on top of the path that led here. */
export function planAwait(planner: Planner, node: t.AwaitExpression): void {
  planSuspension(planner, node, node.argument);
}

export function planYield(planner: Planner, node: t.YieldExpression): void {
  planSuspension(planner, node, node.argument ?? null);
}

function planSuspension(
  planner: Planner,
  node: t.AwaitExpression | t.YieldExpression,
  argument: Node | null,
): void {
  const { scope, edits, emitter } = planner;
  if (!scope.isActivation) {
    planner.visitUnder(node, "argument");
    return;
  }
  const site = planner.addSite(Kind.call, node);
  // `yield` binds so loosely that an argument of its own is the only place where it needs no brackets.
  edits.start(node.start!, emitter.resumeStart());
  if (argument !== null) {
    const delegates = node.type === "YieldExpression" && node.delegate;
    edits.start(argument.start!, delegates ? emitter.delegateStart() : emitter.suspendStart());
    planner.visitUnder(node, "argument");
    edits.end(argument.end!, delegates ? emitter.delegateEnd(site) : emitter.suspendEnd());
  } else edits.end(node.end!, emitter.suspendWithout());
  edits.end(node.end!, emitter.resumeEnd(site));
  scope.storedLine = planner.place(node).line;
  scope.pending = null;
}

export function planForOf(planner: Planner, node: t.ForOfStatement): void {
  planner.forgetStored();
  if (node.await && planner.scope.isActivation) planForAwait(planner, node);
  else if (planner.calls && planner.scope.access.framed && !planner.scope.hasCompletionValue)
    planLoop(planner, node);
  else planner.visitChildren(node);
  planner.forgetStored();
}

/** `for (x of iterable)`: the loop's line is stored before its first turn, and again at the end of its body. */
function planLoop(planner: Planner, node: t.ForOfStatement): void {
  const { scope, edits, emitter } = planner;
  planner.visitUnder(node, "left");
  planner.forgetStored();
  const { line } = planner.place(node);
  const start = edits.start(node.right.start!, "");
  planner.visitUnder(node, "right");
  let site = -1;
  if (scope.storedLine !== line) {
    site = planner.addSite(Kind.call, node);
    start.text = emitter.callStart(site, scope.access);
    edits.end(node.right.end!, emitter.callEnd());
  }
  planner.forgetStored();
  const before = planner.sites.sites.length;
  planner.visitUnder(node, "body");
  if (node.body.type !== "BlockStatement" || planner.sites.sites.length === before) return;
  if (site < 0) site = planner.addSite(Kind.call, node);
  edits.end(node.body.end! - 1, emitter.storeStatement(site, scope.access));
}

/** `for await`: the loop itself awaits before each turn of its body, and the frame is off meanwhile. */
function planForAwait(planner: Planner, node: t.ForOfStatement): void {
  const { edits, emitter } = planner;
  const loop = outermostLabel(planner, node);
  edits.start(loop.start!, emitter.openBracket("{"));
  planner.visitUnder(node, "left");
  const site = planner.addSite(Kind.call, node);
  edits.start(node.right.start!, emitter.delegateStart());
  planner.visitUnder(node, "right");
  edits.end(node.right.end!, emitter.delegateEnd(site));
  edits.start(node.body.start!, emitter.turnStart(site));
  planner.visitUnder(node, "body");
  edits.end(node.body.end!, emitter.turnEnd());
  edits.end(loop.end!, emitter.resetDepth(true) + emitter.closeBracket("}"));
}

function outermostLabel(planner: Planner, node: Node): Node {
  let loop = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    if (planner.ancestors[i].type !== "LabeledStatement") break;
    loop = planner.ancestors[i];
  }
  return loop;
}
