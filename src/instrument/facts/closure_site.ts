import { closureParameter, PLAIN_FUNCTION } from "../../sites/closure_parameter.ts";
import type { Planner } from "../plan/planner.ts";
import { classFunctions, isFunction, type Node } from "../syntax/ast.ts";

/** The parameter for the site of a function or class: what it is, and the contexts that it is charged with. */
export function closureParameterOf(planner: Planner, node: Node): number {
  const count = !isFunction(node)
    ? classFunctions(node)
    : hasPrototype(node)
      ? PLAIN_FUNCTION + (planner.uses.get(node) ?? 0)
      : 0;
  return closureParameter(count, planner.captures.get(node));
}

/** Whether the engine makes room for a `prototype`: constructors and generators have one. */
function hasPrototype(node: Node): boolean {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
      return node.generator === true || node.async !== true;
    case "ObjectMethod":
      return node.generator;
    default:
      return false;
  }
}
