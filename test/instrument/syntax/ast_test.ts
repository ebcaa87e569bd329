// The table of child keys against that of Babel, whose trees they are.
import { test } from "node:test";
import { FLIPPED_ALIAS_KEYS, VISITOR_KEYS } from "@babel/types";
import { assert, assertEquals } from "@std/assert";
import { childKeys, type Node } from "../../../src/instrument/syntax/ast.ts";

const own = (type: string): readonly string[] => childKeys({ type } as Node);

/** What under a node is no expression and no statement. */
const NO_CODE: ReadonlySet<string> = new Set([
  // Types.
  ...["typeAnnotation", "typeParameters", "typeArguments", "returnType", "predicate", "variance"],
  ...["superTypeArguments", "implements", "mixins"],
  // Names. That of a property may be computed, which is why `key` and `property` are in the table.
  ...["id", "label", "name", "exportsFilter"],
  // Constants.
  ...["directives", "quasis", "openingFragment", "closingFragment", "closingElement"],
]);

/** Keys that are left out of some nodes only. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  // `#x`
  ClassPrivateMethod: ["key"],
  ClassPrivateProperty: ["key"],
  // Imports and exports hold names and constants, but for what is declared there.
  ExportNamedDeclaration: ["specifiers", "source", "attributes"],
  // A parameter's decorators run where the class is made, not where the parameters are: compilers move them there.
  AssignmentPattern: ["decorators"],
  Identifier: ["decorators"],
  ObjectPattern: ["decorators"],
  TSParameterProperty: ["decorators"],
  // The parser never makes any.
  ObjectProperty: ["decorators"],
};

/** Nodes without children in the table. */
const CLOSED: ReadonlySet<string> = new Set([
  ...["Directive", "MetaProperty", "PrivateName"],
  ...["ImportDeclaration", "ImportAttribute", "ImportSpecifier", "ImportDefaultSpecifier"],
  ...["ImportNamespaceSpecifier", "ExportAllDeclaration", "ExportSpecifier", "ExportNamespaceSpecifier"],
  ...["JSXMemberExpression", "JSXNamespacedName"],
  // On purpose: the object would see the names that are inserted.
  "WithStatement",
  // Proposals that no engine runs, so that the parser is not told to read them.
  ...["BindExpression", "DoExpression", "ExportDefaultSpecifier", "ModuleExpression"],
  ...["StructDeclaration", "StructBody"],
]);

/** Of TypeScript's and Flow's nodes, those that are in the table because code is left of them. */
const isTypes = (type: string): boolean => own(type).length === 0 && TYPES.has(type);
const TYPES: ReadonlySet<string> = new Set([...FLIPPED_ALIAS_KEYS.TypeScript!, ...FLIPPED_ALIAS_KEYS.Flow!]);

test("children are those of Babel's VISITOR_KEYS, in the same order", () => {
  const types = Object.keys(VISITOR_KEYS);
  assert(types.length > 150, `${types.length} types`);
  const expected = types
    .filter((type) => !isTypes(type) && !CLOSED.has(type))
    .map((type) => {
      const leftOut = LEFT_OUT[type] ?? [];
      // What is declared may be a pattern, with defaults in it.
      const isCode = (key: string): boolean => !NO_CODE.has(key) || type === "VariableDeclarator";
      return [type, VISITOR_KEYS[type]!.filter((key) => isCode(key) && !leftOut.includes(key))] as const;
    });
  assertEquals(Object.fromEntries(expected.map(([type]) => [type, own(type)])), Object.fromEntries(expected));
});

test("what is left out of Babel's keys is there to be left out", () => {
  const all = new Set(Object.values(VISITOR_KEYS).flat());
  assertEquals(
    [...NO_CODE].filter((key) => !all.has(key)),
    [],
  );
  for (const [type, keys] of Object.entries(LEFT_OUT))
    assertEquals(
      keys.filter((key) => !VISITOR_KEYS[type]!.includes(key)),
      [],
    );
  assertEquals(
    [...CLOSED].filter((type) => VISITOR_KEYS[type] === undefined || own(type).length > 0),
    [],
  );
});
