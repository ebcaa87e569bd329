import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import { isAnonymousDefinition, isFunction, type Node, unwrap } from "../syntax/ast.ts";
import { keyName } from "../syntax/function_name.ts";
import type { Planner } from "./planner.ts";
import { allocationEnd, allocationStart } from "./wrapping.ts";

export function planObject(planner: Planner, node: t.ObjectExpression): void {
  const site = addObjectSite(planner, node);
  const exporting = moduleExports(planner);
  if (exporting !== null) {
    visitProperties(planner, node, site, bracketed);
    const { edits, emitter, scope } = planner;
    const report = scope.hasCompletionValue ? emitter.reportSilently : emitter.report;
    edits.end(
      exporting.end!,
      emitter.separator() + report.call(emitter, site, "module.exports", scope.access),
    );
    return;
  }
  const wrap = allocationStart(planner, node, Member.object, site);
  visitProperties(planner, node, site, asItIs);
  allocationEnd(planner, node, wrap);
}

const asItIs = (_planner: Planner, _value: Node, visit: () => void): void => visit();

/**
 * Node's lexer takes a property for a named export where its value starts with a name. `[` and its like start with none,
 * so what is put before them must not either.
 */
function bracketed(planner: Planner, value: Node, visit: () => void): void {
  const { edits, emitter } = planner;
  const isName = edits.isNameAt(value.start!);
  if (!isName) edits.start(value.start!, emitter.openBracket("("));
  visit();
  if (!isName) edits.end(value.end!, emitter.closeBracket(")"));
}

/**
 * `module.exports = {…}` as a statement of the file, or null: Deno's lexer reads the names of a module's exports in
 * the literal itself, getters too, so that it has to stay where it is.
 */
function moduleExports(planner: Planner): Node | null {
  const { ancestors } = planner;
  const [program, statement] = ancestors as [t.Program, Node | undefined];
  if (program.sourceType === "module" || statement?.type !== "ExpressionStatement") return null;
  const isAssigned = ancestors
    .slice(2)
    .every((node) => node.type === "AssignmentExpression" && node.operator === "=");
  return isAssigned && isModuleExports((planner.parent as t.AssignmentExpression).left) ? statement : null;
}

function isModuleExports(node: Node | undefined): boolean {
  return (
    node?.type === "MemberExpression" &&
    node.object.type === "Identifier" &&
    node.object.name === "module" &&
    !node.computed &&
    node.property.type === "Identifier" &&
    node.property.name === "exports"
  );
}

function addObjectSite(planner: Planner, node: t.ObjectExpression): number {
  const isOpen = node.properties.some((property) => property.type === "SpreadElement" || property.computed);
  return planner.addSite(isOpen ? Kind.objectCopy : Kind.object, node, isOpen ? 0 : node.properties.length);
}

function visitProperties(
  planner: Planner,
  node: t.ObjectExpression,
  site: number,
  around: (planner: Planner, value: Node, visit: () => void) => void,
): void {
  const closures: [string, number][] = [];
  for (const [index, property] of node.properties.entries()) {
    const key = memberClosureKey(node, index);
    if (key !== null) {
      const closure = property.type === "ObjectProperty" ? unwrap(property.value) : property;
      closures.push([key, planner.addSite(Kind.closure, property, closureParameterOf(planner, closure))]);
    }
    if (property.type === "ObjectProperty") {
      if (property.computed) planner.visitUnder(property, "key");
      planner.ancestors.push(node);
      around(planner, property.value, () => planner.visitUnder(property, "value"));
      planner.ancestors.pop();
    } else planner.visitChild(node, property, "properties");
  }
  if (closures.length > 0) planner.sites.memberClosures.push({ site, members: closures });
}

/**
 * The key under which the tracker finds the closure that a property holds, once the object is there; null where there
 * is none, or where looking could call an accessor. The closure's name comes from the property (NamedEvaluation), so
 * nothing can be put around it.
 */
function memberClosureKey(object: t.ObjectExpression, index: number): string | null {
  const property = object.properties[index];
  if (property.type === "SpreadElement" || property.computed) return null;
  if (property.type === "ObjectMethod" ? property.kind !== "method" : !isAnonymousFunction(property.value))
    return null;
  const name = keyName(property);
  if (name === null || (name === "__proto__" && property.type === "ObjectProperty")) return null;
  const isReplaced = object.properties.some(
    (other, at) =>
      other !== property &&
      other.type !== "SpreadElement" &&
      (other.type === "ObjectMethod" && other.kind !== "method"
        ? other.computed || keyName(other) === name
        : at > index && !other.computed && keyName(other) === name),
  );
  return isReplaced ? null : name;
}

function isAnonymousFunction(node: Node): boolean {
  return isAnonymousDefinition(node) && isFunction(unwrap(node));
}
