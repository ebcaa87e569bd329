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
    visitProperties(planner, node, site, true);
    const { edits, emitter, scope } = planner;
    const report = scope.hasCompletionValue ? emitter.reportSilently : emitter.report;
    edits.end(
      exporting.end!,
      emitter.separator() + report.call(emitter, site, "module.exports", scope.access),
    );
    return;
  }
  const wrap = allocationStart(planner, node, Member.object, site);
  visitProperties(planner, node, site, false);
  allocationEnd(planner, node, wrap);
}

/**
 * Node's lexer takes a property for a named export where its value starts with a name. `[` and its like start with none,
 * so what is put before them must not either.
 */
function visitBracketed(planner: Planner, property: t.ObjectProperty): void {
  const { edits, emitter } = planner;
  const { start, end } = property.value;
  const isName = edits.isNameAt(start!);
  if (!isName) edits.start(start!, emitter.openBracket("("));
  planner.visitUnder(property, "value");
  if (!isName) edits.end(end!, emitter.closeBracket(")"));
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
  return planner.addSite(isOpen ? Kind.objectCopy : Kind.object, node, placesOf(node.properties));
}

/** What begins with a copy has the copied object's places, and what begins with a computed name is filled as `{}` is. */
function placesOf(properties: t.ObjectExpression["properties"]): number {
  const [first] = properties;
  if (first?.type === "SpreadElement") return -1;
  return first?.computed ? 0 : properties.length;
}

function visitProperties(
  planner: Planner,
  node: t.ObjectExpression,
  site: number,
  isExported: boolean,
): void {
  const { properties } = node;
  const closures: [string, number][] = [];
  let names: KeyNames | null = null;
  for (let i = 0; i < properties.length; i++) {
    const property = properties[i];
    const key = memberClosureKey(property);
    if (key !== null && !isReplaced(key, i, (names ??= keyNames(node)))) {
      const closure = property.type === "ObjectProperty" ? unwrap(property.value) : property;
      closures.push([key, planner.addSite(Kind.closure, property, closureParameterOf(planner, closure))]);
    }
    if (property.type === "ObjectProperty") {
      if (property.computed) planner.visitUnder(property, "key");
      planner.ancestors.push(node);
      if (isExported) visitBracketed(planner, property);
      else planner.visitUnder(property, "value");
      planner.ancestors.pop();
    } else planner.visitChild(node, property, "properties");
  }
  if (closures.length > 0) planner.sites.memberClosures.push({ site, members: closures });
}

/**
 * The key under which the tracker finds the closure that a property holds, once the object is there; null where there
 * is none. The closure's name comes from the property (NamedEvaluation), so nothing can be put around it.
 */
function memberClosureKey(property: t.ObjectExpression["properties"][number]): string | null {
  if (property.type === "SpreadElement" || property.computed) return null;
  if (property.type === "ObjectMethod" ? property.kind !== "method" : !isAnonymousFunction(property.value))
    return null;
  const name = keyName(property);
  return name === "__proto__" && property.type === "ObjectProperty" ? null : name;
}

interface KeyNames {
  /** Where each name is given a value last. */
  readonly last: ReadonlyMap<string, number>;
  /** The names of getters and setters; null: any may be. */
  readonly accessors: ReadonlySet<string> | null;
}

function keyNames({ properties }: t.ObjectExpression): KeyNames {
  const last = new Map<string, number>();
  let accessors: Set<string> | null = new Set();
  for (const [i, property] of properties.entries()) {
    if (property.type === "SpreadElement") continue;
    const name = keyName(property);
    if (property.type === "ObjectMethod" && property.kind !== "method") {
      if (property.computed) accessors = null;
      else if (name !== null) accessors?.add(name);
    } else if (!property.computed && name !== null) last.set(name, i);
  }
  return { last, accessors };
}

/** Whether another value is found under the key than the one given at the index, or looking could call an accessor. */
function isReplaced(name: string, index: number, { last, accessors }: KeyNames): boolean {
  return accessors === null || accessors.has(name) || (last.get(name) ?? 0) > index;
}

function isAnonymousFunction(node: Node): boolean {
  return isAnonymousDefinition(node) && isFunction(unwrap(node));
}
