// Definitions that take their name from their place.
import type * as t from "@babel/types";
import type { Node } from "../syntax/ast.ts";
import { keyName } from "../syntax/function_name.ts";
import type { Planner } from "./planner.ts";

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
export function isGlobal(planner: Planner, declaration: Node): boolean {
  return (
    planner.scope.hasCompletionValue &&
    declaration.type === "VariableDeclaration" &&
    declaration.kind === "var"
  );
}

/** Whether the declaration among the ancestors stands where another statement can follow it. */
export function isStatementOfList(planner: Planner, index: number): boolean {
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

/** Whether an assignment gives an anonymous definition the name of its target. */
export function isNamingAssignment(node: t.AssignmentExpression): boolean {
  return node.left.type === "Identifier" && ["=", "&&=", "||=", "??="].includes(node.operator);
}
