import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import { boundNames, type Node } from "../syntax/ast.ts";

/** The variables that a pattern fills with copies. */
export function restBindings(
  pattern: Node | null | undefined,
): { name: string; kind: typeof Kind.arrayCopy | typeof Kind.objectCopy; at: Node }[] {
  if (pattern == null) return [];
  switch (pattern.type) {
    case "AssignmentPattern":
      return restBindings(pattern.left);
    case "ObjectProperty":
      return restBindings(pattern.value);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => restBindings(element));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        property.type === "RestElement" ? restBinding(property, Kind.objectCopy) : restBindings(property),
      );
    case "RestElement":
      return restBinding(pattern, Kind.arrayCopy);
    default:
      return [];
  }
}

function restBinding(
  node: t.RestElement,
  kind: typeof Kind.arrayCopy | typeof Kind.objectCopy,
): { name: string; kind: typeof kind; at: Node }[] {
  const names = new Set<string>();
  if (node.argument.type !== "Identifier") return restBindings(node.argument);
  boundNames(node.argument, names);
  return [...names].map((name) => ({ name, kind, at: node }));
}
