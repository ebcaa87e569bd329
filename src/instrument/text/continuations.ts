import type * as t from "@babel/types";
import { forEachChild, isFunction, type Node } from "../syntax/ast.ts";

/**
 * How far what comes after a statement goes: by the statement's end, the end of the innermost block that control leaves with
 * another count than that (a loop's body, a branch, what a label names). A block that only groups is none.
 */
export function continuations(program: t.Program): Map<number, number> {
  const found = new Map<number, number>();
  const visit = (node: Node, parent: Node | null, limit: number): void => {
    const statements = statementsOf(node);
    const inner = statements === null || isGrouping(node, parent) ? limit : endIn(node, parent);
    for (const statement of statements ?? []) found.set(statement.end!, inner);
    forEachChild(node, (child) => visit(child, node, inner));
  };
  visit(program, null, program.end!);
  return found;
}

/** V8 leaves the bracket that closes a function out. */
function endIn(node: Node, parent: Node | null): number {
  return parent !== null && isFunction(parent) ? node.end! - 1 : node.end!;
}

function statementsOf(node: Node): readonly Node[] | null {
  if (node.type === "SwitchCase") return node.consequent;
  return node.type === "BlockStatement" || node.type === "Program" || node.type === "StaticBlock"
    ? node.body
    : null;
}

function isGrouping(node: Node, parent: Node | null): boolean {
  return node.type === "BlockStatement" && parent !== null && statementsOf(parent) !== null;
}
