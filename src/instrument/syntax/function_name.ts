import { isFunction, type Node, unwrap } from "./ast.ts";

/** The name of an identifier: its own, or where the text is generated the one that its original had. */
export type NameOf = (identifier: Extract<Node, { type: "Identifier" }>) => string;

const ownName: NameOf = ({ name }) => name;

/**
 * The name under which a function stands in tracebacks: its own, or that of what it is assigned to, as the engines
 * name functions; methods with their class in front.
 */
export function functionName(node: Node, ancestors: readonly Node[], nameOf: NameOf = ownName): string {
  const { id } = node as { id?: Parameters<NameOf>[0] | null };
  if (id?.name) return nameOf(id);
  if (node.type === "ClassMethod" || node.type === "ClassPrivateMethod") {
    return joinClass(className(ancestors, nameOf), keyName(node));
  }
  if (node.type === "ObjectMethod") return keyName(node) ?? "<anonymous>";
  return assignedName(node, ancestors, nameOf) ?? (isFunction(node) ? "<anonymous>" : "<class>");
}

function joinClass(owner: string | null, name: string | null): string {
  if (name === null) return owner === null ? "<anonymous>" : `${owner}.<computed>`;
  return owner === null ? name : `${owner}.${name}`;
}

/** The name of the innermost class around a member, or null where it has none. */
function className(ancestors: readonly Node[], nameOf: NameOf): string | null {
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const node = ancestors[i];
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      return node.id ? nameOf(node.id) : assignedName(node, ancestors.slice(0, i), nameOf);
    }
  }
  return null;
}

function assignedName(node: Node, ancestors: readonly Node[], nameOf: NameOf): string | null {
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
        return parent.init === child ? targetName(parent.id, nameOf) : null;
      case "AssignmentExpression":
        return parent.right === child ? targetName(parent.left, nameOf) : null;
      case "AssignmentPattern":
        return parent.right === child ? targetName(parent.left, nameOf) : null;
      case "ObjectProperty":
        return parent.value === child ? keyName(parent) : null;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty":
        return parent.value === child
          ? joinClass(className(ancestors.slice(0, i), nameOf), keyName(parent))
          : null;
      case "ExportDefaultDeclaration":
        return "default";
      default:
        return null;
    }
  }
  return null;
}

function targetName(target: Node, nameOf: NameOf): string | null {
  const inner = unwrap(target);
  if (inner.type === "Identifier") return nameOf(inner);
  if (inner.type !== "MemberExpression") return null;
  const { object, property, computed } = inner;
  if (property.type === "PrivateName") return `#${property.id.name}`;
  if (computed || property.type !== "Identifier") return null;
  const owner = object.type === "Identifier" && object.name !== "exports" ? nameOf(object) : null;
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
