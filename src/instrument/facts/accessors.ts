import type { Node } from "../syntax/ast.ts";

// Every array and string has a length: the loops that ask for it would pay for one class that computes its own.
const TOO_COMMON = new Set(["length"]);

/**
 * The names of the getters and setters that a text defines. Reading a property calls nothing as a rule, so reads are
 * not recorded; those of a name in this set may well call the accessor, and are. (A name found in a comment costs a
 * few stores. Accessors that other files define run without the frame of a function that makes no calls besides.)
 */
export function accessorNames(source: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of source.matchAll(/\b[gs]et\s+(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\(/gu)) {
    if (!TOO_COMMON.has(name!)) names.add(name!);
  }
  return names;
}

/** Whether the node reads or writes a property that an accessor of this file may stand behind. */
export function mayCallAccessor(node: Node, accessors: ReadonlySet<string>): boolean {
  if (
    accessors.size === 0 ||
    (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression")
  ) {
    return false;
  }
  const { property } = node;
  if (property.type === "PrivateName") return accessors.has(`#${property.id.name}`);
  return !node.computed && property.type === "Identifier" && accessors.has(property.name);
}
