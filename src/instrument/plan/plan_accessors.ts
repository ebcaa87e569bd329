import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import { mayCallAccessor } from "../facts/accessors.ts";
import type { Planner } from "./planner.ts";

/** `object.name`, read for its value: the site is stored in front, as for a call. */
export function planMember(planner: Planner, node: t.MemberExpression, key: string): void {
  if (!mayCallAccessor(node, planner.accessors)) {
    planner.visitChildren(node);
    return;
  }
  const { scope, edits, emitter } = planner;
  const { where } = planner.place(node.property);
  const store = planner.calls && scope.access.framed && scope.storedLine !== where && isRead(planner, key);
  const site = store ? planner.addSite(Kind.call, node, 0, node.property) : 0;
  if (store) {
    edits.start(node.start!, emitter.callStart(site, scope.access));
    scope.storedLine = where;
    scope.pending = null;
  }
  planner.visitChildren(node);
  if (!store) return;
  if (scope.storedLine !== where) planner.forgetStored();
  edits.end(node.end!, emitter.callEnd());
}

/** Whether a bracket may stand around the member: it is no callee, no target, and no part of an optional chain. */
function isRead(planner: Planner, key: string): boolean {
  const { parent, ancestors } = planner;
  switch (parent.type) {
    case "CallExpression":
    case "NewExpression":
    case "OptionalCallExpression":
      return key !== "callee";
    case "TaggedTemplateExpression":
      return key !== "tag";
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForInStatement":
    case "ForOfStatement":
      return key !== "left";
    case "ObjectProperty":
      return key === "key" || ancestors[ancestors.length - 2]?.type !== "ObjectPattern";
    case "UnaryExpression":
      return parent.operator !== "delete";
    case "ArrayPattern":
    case "Decorator":
    case "OptionalMemberExpression":
    case "ParenthesizedExpression":
    case "RestElement":
    case "UpdateExpression":
      return false;
    default:
      return !parent.type.startsWith("TS");
  }
}

/** The right side of `object.name = value`: the site is stored after it, right before the setter can run. */
export function planAssignedValue(planner: Planner, node: t.AssignmentExpression): void {
  const { scope, edits, emitter } = planner;
  const { left, right } = node;
  const { where } = planner.place(left.type === "MemberExpression" ? left.property : left);
  const store = planner.calls && scope.access.framed && mayCallAccessor(left, planner.accessors);
  const start = store ? edits.start(right.start!, "") : null;
  planner.visitUnder(node, "right");
  if (start === null || scope.storedLine === where) return;
  const site = planner.addSite(Kind.call, left, 0, left.type === "MemberExpression" ? left.property : left);
  start.text = emitter.keepStart();
  edits.end(right.end!, emitter.keepEnd(site, scope.access));
  scope.storedLine = where;
  scope.pending = null;
}
