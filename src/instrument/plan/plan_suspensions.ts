import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import type { Node } from "../syntax/ast.ts";
import type { Planner } from "./planner.ts";

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
  planner.noteCall(node);
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
    edits.end(argument.end!, delegates ? emitter.delegateEnd(site) : emitter.suspendEnd(site));
  } else edits.end(node.end!, emitter.suspendWithout(site));
  edits.end(node.end!, emitter.resumeEnd(site));
  scope.storedLine = planner.place(node).where;
  scope.pending = null;
}

export function planForOf(planner: Planner, node: t.ForOfStatement): void {
  planner.forgetStored();
  planner.noteCall(node);
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
  const { where } = planner.place(node);
  const start = edits.start(node.right.start!, "");
  planner.visitUnder(node, "right");
  let site = -1;
  if (scope.storedLine !== where) {
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
  edits.end(node.body.end!, emitter.turnEnd(site));
  edits.end(loop.end!, emitter.resetDepth(true, planner.scope.access) + emitter.closeBracket("}"));
}

function outermostLabel(planner: Planner, node: Node): Node {
  let loop = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    if (planner.ancestors[i].type !== "LabeledStatement") break;
    loop = planner.ancestors[i];
  }
  return loop;
}
