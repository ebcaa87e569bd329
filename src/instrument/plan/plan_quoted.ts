import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import { forEachChild, isFunction, type Node } from "../syntax/ast.ts";
import type { Planner } from "./planner.ts";

/**
 * Whether Node and Deno put the call's text into a message: of `assert(x)` and `assert.ok(x)` without a message of their own
 * they print what runs. Where the argument waits, something has to stand around the `await`.
 */
export function isQuotedInMessage(planner: Planner, node: Node): node is t.CallExpression {
  if (node.type !== "CallExpression" || node.arguments.length !== 1) return false;
  return isAssertion(planner, node.callee) && !suspends(node.arguments[0]!);
}

/** `assert`, `assert.ok`, `assert.strict`, `assert.strict.ok`, `t.assert.ok`, and an imported `ok`. */
function isAssertion(planner: Planner, callee: Node): boolean {
  if (callee.type === "Identifier") {
    return callee.name === "assert" || (callee.name === "ok" && importsAssert(planner.source));
  }
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
    return false;
  const { name } = callee.property;
  return (name === "ok" || name === "strict") && isAssertObject(callee.object);
}

function isAssertObject(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "assert";
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return false;
  return node.property.name === "assert" || (node.property.name === "strict" && isAssertObject(node.object));
}

function importsAssert(source: string): boolean {
  return /["'](?:node:)?assert(?:\/strict)?["']/.test(source);
}

function suspends(node: Node): boolean {
  if (node.type === "AwaitExpression" || node.type === "YieldExpression") return true;
  if (isFunction(node)) return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= suspends(child);
  });
  return found;
}

/** The site is stored in front of the call, whose text stays as it is written: what is allocated in it by literals is not seen. */
export function planQuoted(planner: Planner, node: t.CallExpression, where: number): void {
  const { scope, edits, emitter } = planner;
  if (scope.storedLine === where) {
    if (scope.pending !== null) scope.pending.isUsed = true;
    return;
  }
  const site = planner.addSite(Kind.call, node);
  edits.start(node.start!, emitter.callStart(site, scope.access));
  edits.end(node.end!, emitter.callEnd());
  scope.storedLine = where;
  scope.pending = null;
}
