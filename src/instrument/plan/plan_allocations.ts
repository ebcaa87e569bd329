import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import { isAnonymousDefinition, isFunction, type Node, unwrap } from "../syntax/ast.ts";
import { keyName } from "../syntax/function_name.ts";
import { planAssignedValue } from "./plan_accessors.ts";
import { restBindings } from "./plan_functions.ts";
import type { Planner } from "./planner.ts";

/** What has been opened around an allocation, and is closed by `allocationEnd`. */
export interface Wrap {
  readonly isCallee: boolean;
  readonly name: string | undefined;
}

/** Opens the wrapper around an expression that allocates: `$t$.o(7,{…},$d$)`. */
export function allocationStart(
  planner: Planner,
  node: Node,
  method: string,
  site: number,
  name?: string,
): Wrap {
  const { edits, emitter, scope } = planner;
  const isCallee = isLeftmostInCalleeOfNew(planner, node);
  const bracket = isCallee ? emitter.openBracket("(") : "";
  const named = name === undefined ? "" : emitter.namedStart(name);
  const called = name === undefined ? method : "c";
  edits.start(node.start!, bracket + emitter.allocationStart(called, site, scope.access) + named);
  return { isCallee, name };
}

/** Closes what `allocationStart` has opened. */
export function allocationEnd(planner: Planner, node: Node, { isCallee, name }: Wrap): void {
  const { edits, emitter, scope } = planner;
  const named = name === undefined ? "" : emitter.namedEnd(name);
  const bracket = isCallee ? emitter.closeBracket(")") : "";
  edits.end(node.end!, named + emitter.allocationEnd(scope.access) + bracket);
}

/** `new function(){}()`: as a call, the wrapper would take the arguments of `new` for its own. */
function isLeftmostInCalleeOfNew(planner: Planner, node: Node): boolean {
  let child = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    const parent = planner.ancestors[i];
    if (parent.type === "NewExpression") return parent.callee === child;
    const isLeft =
      (parent.type === "MemberExpression" && parent.object === child) ||
      (parent.type === "TaggedTemplateExpression" && parent.tag === child) ||
      (parent.type === "TSNonNullExpression" && parent.expression === child);
    if (!isLeft) return false;
    child = parent;
  }
  return false;
}

// ── literals ──

export function planArray(planner: Planner, node: t.ArrayExpression): void {
  const copies = node.elements.some((element) => element?.type === "SpreadElement");
  const { length } = node.elements;
  const parameter = copies ? 0 : isConstantArray(node) ? -length : length;
  const site = planner.addSite(copies ? Kind.arrayCopy : Kind.array, node, parameter);
  const { scope, edits, emitter } = planner;
  const iterates = copies && planner.calls && scope.access.framed;
  if (iterates) edits.start(node.start!, emitter.callStart(site, scope.access));
  const wrap = allocationStart(planner, node, "o", site);
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
  const wrap = allocationStart(planner, node, "o", planner.addSite(Kind.regexp, node));
  allocationEnd(planner, node, wrap);
}

export function planTemplate(planner: Planner, node: t.TemplateLiteral): void {
  if (node.expressions.length === 0) return; // a constant
  const wrap = allocationStart(planner, node, "l", planner.addSite(Kind.string, node));
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
  const wrap = allocationStart(planner, node, "l", planner.addSite(Kind.string, node));
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

// ── definitions that take their name from their place ──

/**
 * How to count an anonymous function or class that its place gives a name: `elsewhere`, by the code that plans the
 * place; or here, through a property of the same `name`. Null: the place gives no name.
 */
export function namedByPlace(
  planner: Planner,
  node: Node,
): { how: "elsewhere" } | { how: "property"; name: string } | null {
  let child = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    const parent = planner.ancestors[i];
    switch (parent.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
        child = parent;
        continue;
      case "VariableDeclarator":
        if (parent.init !== child || parent.id.type !== "Identifier") return null;
        return isStatementOfList(planner, i - 1) && !isGlobal(planner, planner.ancestors[i - 1])
          ? { how: "elsewhere" }
          : { how: "property", name: parent.id.name };
      case "AssignmentExpression":
        return parent.right === child && isNamingAssignment(parent) ? { how: "elsewhere" } : null;
      case "AssignmentPattern":
        return parent.right === child && parent.left.type === "Identifier"
          ? { how: "property", name: parent.left.name }
          : null;
      case "ObjectProperty":
        if (parent.value !== child) return null;
        return !parent.computed && keyName(parent) === "__proto__" ? null : { how: "elsewhere" };
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty": {
        if (parent.value !== child) return null;
        const name = keyName(parent);
        return name === null ? { how: "elsewhere" } : { how: "property", name };
      }
      case "ExportDefaultDeclaration":
        return node.type === "ArrowFunctionExpression" || child !== node
          ? { how: "property", name: "default" }
          : { how: "elsewhere" };
      default:
        return null;
    }
  }
  return null;
}

/** A script's `var` can be an accessor of the global object: to read it would call the getter. */
function isGlobal(planner: Planner, declaration: Node): boolean {
  return (
    planner.scope.hasCompletionValue &&
    declaration.type === "VariableDeclaration" &&
    declaration.kind === "var"
  );
}

/** Whether the declaration among the ancestors stands where another statement can follow it. */
function isStatementOfList(planner: Planner, index: number): boolean {
  let parent = planner.ancestors[index - 1];
  if (parent?.type === "ExportNamedDeclaration") parent = planner.ancestors[index - 2];
  switch (parent?.type) {
    case "Program":
    case "BlockStatement":
    case "SwitchCase":
    case "StaticBlock":
      return true;
    default:
      return false;
  }
}

function isNamingAssignment(node: t.AssignmentExpression): boolean {
  return node.left.type === "Identifier" && ["=", "&&=", "||=", "??="].includes(node.operator);
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
  const method = isString ? "l" : node.operator === "=" ? "o" : "n";
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

/** Reports what a variable holds by a statement behind the one that gives it its value. */
export function reportAfter(planner: Planner, statement: Node, kind: Kind, at: Node, name: string): void {
  const { edits, emitter, scope } = planner;
  const isDefinition = kind === Kind.closure || kind === Kind.class;
  const site = planner.addSite(kind, at, isDefinition ? closureParameterOf(planner, at) : 0);
  const report = scope.hasCompletionValue
    ? emitter.reportSilently(site, name, scope.access)
    : emitter.report(site, name, scope.access);
  edits.end(statement.end!, emitter.separator() + report);
}
