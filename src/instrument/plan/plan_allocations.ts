import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import { restBindings } from "../facts/rest_bindings.ts";
import { isAnonymousDefinition, isFunction, type Node, unwrap } from "../syntax/ast.ts";
import { isGlobal, isNamingAssignment, isStatementOfList } from "./named_by_place.ts";
import { planAssignedValue } from "./plan_accessors.ts";
import type { Planner } from "./planner.ts";
import { allocationEnd, allocationStart, reportAfter } from "./wrapping.ts";

// ── literals ──

export function planArray(planner: Planner, node: t.ArrayExpression): void {
  const copies = node.elements.some((element) => element?.type === "SpreadElement");
  const { length } = node.elements;
  const parameter = copies ? 0 : isConstantArray(node) ? -length : length;
  const site = planner.addSite(copies ? Kind.arrayCopy : Kind.array, node, parameter);
  const { scope, edits, emitter } = planner;
  const iterates = copies && planner.calls && scope.access.framed;
  if (iterates) edits.start(node.start!, emitter.callStart(site, scope.access));
  const wrap = allocationStart(planner, node, Member.object, site);
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
  if (!iterates) return;
  edits.end(node.end!, emitter.callEnd());
  planner.forgetStored();
}

/** Engines share the elements of such literals until one is written to; of fractions V8 makes a copy each time. */
function isConstantArray({ elements }: t.ArrayExpression): boolean {
  if (elements.length === 0) return false;
  return elements.every((element) => {
    if (element?.type === "NumericLiteral") return Number.isInteger(element.value);
    return element !== null && CONSTANTS.has(element.type);
  });
}

const CONSTANTS = new Set(["BooleanLiteral", "NullLiteral", "StringLiteral"]);

export function planRegExp(planner: Planner, node: t.RegExpLiteral): void {
  const wrap = allocationStart(planner, node, Member.object, planner.addSite(Kind.regexp, node));
  allocationEnd(planner, node, wrap);
}

export function planTemplate(planner: Planner, node: t.TemplateLiteral): void {
  if (node.expressions.length === 0) return; // a constant
  const wrap = allocationStart(planner, node, Member.text, planner.addSite(Kind.string, node));
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
}

/**
 * `a + "b"` gives a string. Sums of anything else may be numbers, and asking each would cost more than the strings
 * are worth; of a chain `a + "b" + c` only the whole is counted.
 */
export function planConcatenation(planner: Planner, node: t.BinaryExpression): void {
  if (
    !isConcatenation(node) ||
    (planner.parent.type === "BinaryExpression" && isConcatenation(planner.parent))
  ) {
    planner.visitChildren(node);
    return;
  }
  const wrap = allocationStart(planner, node, Member.text, planner.addSite(Kind.string, node));
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
}

function isConcatenation(node: Node): boolean {
  if (node.type !== "BinaryExpression" || node.operator !== "+") return false;
  const left = unwrap(node.left);
  const right = unwrap(node.right);
  if (isConstantText(left) && isConstantText(right)) return false;
  return isText(left) || isText(right) || isConcatenation(left);
}

function isText(node: Node): boolean {
  return node.type === "StringLiteral" || node.type === "TemplateLiteral";
}

function isConstantText(node: Node): boolean {
  return node.type === "StringLiteral" || (node.type === "TemplateLiteral" && node.expressions.length === 0);
}

/** `f = () => {}`: the assignment's value is the function, named. */
export function planAssignment(planner: Planner, node: t.AssignmentExpression): void {
  const isString = node.operator === "+=" && isText(unwrap(node.right));
  const definition =
    isNamingAssignment(node) && isAnonymousDefinition(node.right) ? unwrap(node.right) : null;
  if (definition === null && !isString) {
    planner.visitUnder(node, "left");
    if (node.operator.length === 3) planner.maybe(() => planAssignedValue(planner, node));
    else planAssignedValue(planner, node);
    return;
  }
  const kind = isString ? Kind.string : isFunction(definition!) ? Kind.closure : Kind.class;
  const method = isString ? Member.text : node.operator === "=" ? Member.object : Member.maybeObject;
  const parameter = definition === null ? 0 : closureParameterOf(planner, definition);
  const site = planner.addSite(kind, definition ?? node, parameter);
  const wrap = allocationStart(planner, node, method, site);
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
}

export function planAssignmentPattern(planner: Planner, node: t.AssignmentPattern): void {
  planner.visitUnder(node, "left");
  planner.maybe(() => planner.visitUnder(node, "right"));
}

/** `const f = () => {}, { a, ...rest } = o`: what has a name, or has been copied, is reported by a statement after. */
export function planVariables(planner: Planner, node: t.VariableDeclaration, key: string): void {
  planner.visitChildren(node);
  if (key === "init" || key === "left") return;
  planner.ancestors.push(node);
  const canFollow = isStatementOfList(planner, planner.ancestors.length - 1);
  planner.ancestors.pop();
  if (!canFollow || node.declare) return;
  for (const { id, init } of node.declarations) {
    if (init && id.type === "Identifier" && isAnonymousDefinition(init) && !isGlobal(planner, node)) {
      const definition = unwrap(init);
      reportAfter(planner, node, isFunction(definition) ? Kind.closure : Kind.class, definition, id.name);
    }
    for (const { name, kind, at } of restBindings(id)) reportAfter(planner, node, kind, at, name);
  }
}
