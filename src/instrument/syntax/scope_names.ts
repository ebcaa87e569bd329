import type * as t from "@babel/types";
import { boundNames, isTypeOnly, type Node } from "./ast.ts";

/** Whether the statement binds a name in its block. */
export function isDeclaration({ type }: Node): boolean {
  switch (type) {
    case "VariableDeclaration":
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      return true;
    default:
      return false;
  }
}

export function isExport(node: Node): node is t.ExportNamedDeclaration | t.ExportDefaultDeclaration {
  return node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration";
}

/** What `let`, `const`, `using`, `class` and `enum` bind among the statements. */
export function addLexicalNames(statements: readonly Node[], names: Set<string>): void {
  for (const statement of statements) {
    const node = isExport(statement) ? statement.declaration : statement;
    if (node == null || isTypeOnly(node)) continue;
    if (node.type === "VariableDeclaration") {
      if (node.kind !== "var") for (const { id } of node.declarations) boundNames(id, names);
    } else if (node.type === "ClassDeclaration" || node.type === "TSEnumDeclaration")
      boundNames(node.id, names);
  }
}

export function addFunctionNames(statements: readonly Node[], names: Set<string>): void {
  for (const node of statements) if (node.type === "FunctionDeclaration" && node.id) names.add(node.id.name);
}

export function exportedNames(program: t.Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (!isExport(statement)) continue;
    const { declaration } = statement;
    if (declaration?.type === "VariableDeclaration")
      for (const { id } of declaration.declarations) boundNames(id, names);
    else if (declaration != null && "id" in declaration) boundNames(declaration.id as Node | null, names);
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const specifier of statement.specifiers)
      if (specifier.type === "ExportSpecifier") boundNames(specifier.local, names);
  }
  return names;
}
