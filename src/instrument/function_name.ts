import { isFunction, type Node, unwrap } from "./ast.ts";

/**
 * The name under which a function stands in tracebacks: its own, or that of what it is assigned to, as the engines
 * name functions; methods with their class in front.
 */
export function functionName(node: Node, ancestors: readonly Node[]): string {
  const id = (node as { id?: { name?: string } | null }).id;
  if (id?.name) return id.name;
  if (node.type === "ClassMethod" || node.type === "ClassPrivateMethod") {
    return joinClass(className(ancestors), keyName(node));
  }
  if (node.type === "ObjectMethod") return keyName(node) ?? "<anonymous>";
  return assignedName(node, ancestors) ?? (isFunction(node) ? "<anonymous>" : "<class>");
}

function joinClass(owner: string | null, name: string | null): string {
  if (name === null) return owner === null ? "<anonymous>" : `${owner}.<computed>`;
  return owner === null ? name : `${owner}.${name}`;
}

/** The name of the innermost class around a member, or null where it has none. */
function className(ancestors: readonly Node[]): string | null {
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const node = ancestors[i];
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      return node.id?.name ?? assignedName(node, ancestors.slice(0, i));
    }
  }
  return null;
}

function assignedName(node: Node, ancestors: readonly Node[]): string | null {
  let child = node;
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const parent = ancestors[i];
    switch (parent.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
        child = parent;
        continue;
      case "VariableDeclarator":
        return parent.init === child ? targetName(parent.id) : null;
      case "AssignmentExpression":
        return parent.right === child ? targetName(parent.left) : null;
      case "AssignmentPattern":
        return parent.right === child ? targetName(parent.left) : null;
      case "ObjectProperty":
        return parent.value === child ? keyName(parent) : null;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty":
        return parent.value === child ? joinClass(className(ancestors.slice(0, i)), keyName(parent)) : null;
      case "ExportDefaultDeclaration":
        return "default";
      default:
        return null;
    }
  }
  return null;
}

function targetName(target: Node): string | null {
  const inner = unwrap(target);
  if (inner.type === "Identifier") return inner.name;
  if (inner.type !== "MemberExpression") return null;
  const { object, property, computed } = inner;
  if (property.type === "PrivateName") return `#${property.id.name}`;
  if (computed || property.type !== "Identifier") return null;
  const owner = object.type === "Identifier" && object.name !== "exports" ? object.name : null;
  return owner === null || (owner === "module" && property.name === "exports")
    ? property.name
    : `${owner}.${property.name}`;
}

/** The name that a property's or member's key spells out, or null where it is computed. */
export function keyName(node: Node): string | null {
  const { key, computed } = node as { key?: Node; computed?: boolean };
  if (key === undefined) return null;
  if (key.type === "PrivateName") return `#${key.id.name}`;
  if (key.type === "StringLiteral") return key.value;
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
  if (key.type === "NumericLiteral") return String(key.value);
  return null;
}
