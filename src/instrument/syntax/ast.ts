import type * as t from "@babel/types";

export type Node = t.Node;
export type FunctionNode =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ArrowFunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

/** Whether the node is a function with parameters and a body of its own. */
export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      return true;
    default:
      return false;
  }
}

/** The expression inside any parentheses, casts and assertions that leave its value alone. */
export function unwrap(node: Node): Node {
  for (;;) {
    switch (node.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
        node = node.expression;
        continue;
      default:
        return node;
    }
  }
}

/** Whether NamedEvaluation (ECMA-262 §8.4.5) would give this expression a name. */
export function isAnonymousDefinition(node: Node): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case "ArrowFunctionExpression":
      return true;
    case "FunctionExpression":
    case "ClassExpression":
      return inner.id == null;
    default:
      return false;
  }
}

// What can hold an expression or a statement, in the order of evaluation as far as that is the order of the text.
// Own table: importing @babel/types for its VISITOR_KEYS takes 37 ms (Node 26), the parser itself 22 ms.
// Types (TS…, Flow) are not in it, so they are never walked; nodes that are not in it have no children here.
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  File: ["program"],
  Program: ["body"],
  ArrayExpression: ["elements"],
  ArrayPattern: ["elements"],
  ArrowFunctionExpression: ["params", "body"],
  AssignmentExpression: ["left", "right"],
  AssignmentPattern: ["left", "right"],
  AwaitExpression: ["argument"],
  BinaryExpression: ["left", "right"],
  BlockStatement: ["body"],
  CallExpression: ["callee", "arguments"],
  CatchClause: ["param", "body"],
  ClassAccessorProperty: ["decorators", "key", "value"],
  ClassBody: ["body"],
  ClassDeclaration: ["decorators", "superClass", "body"],
  ClassExpression: ["decorators", "superClass", "body"],
  ClassMethod: ["decorators", "key", "params", "body"],
  ClassPrivateMethod: ["decorators", "params", "body"],
  ClassPrivateProperty: ["decorators", "value"],
  ClassProperty: ["decorators", "key", "value"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  Decorator: ["expression"],
  DoWhileStatement: ["body", "test"],
  ExportDefaultDeclaration: ["declaration"],
  ExportNamedDeclaration: ["declaration"],
  ExpressionStatement: ["expression"],
  ForInStatement: ["left", "right", "body"],
  ForOfStatement: ["left", "right", "body"],
  ForStatement: ["init", "test", "update", "body"],
  FunctionDeclaration: ["params", "body"],
  FunctionExpression: ["params", "body"],
  IfStatement: ["test", "consequent", "alternate"],
  ImportExpression: ["source", "options"],
  JSXAttribute: ["value"],
  JSXElement: ["openingElement", "children"],
  JSXExpressionContainer: ["expression"],
  JSXFragment: ["children"],
  JSXOpeningElement: ["attributes"],
  JSXSpreadAttribute: ["argument"],
  JSXSpreadChild: ["expression"],
  LabeledStatement: ["body"],
  LogicalExpression: ["left", "right"],
  MemberExpression: ["object", "property"],
  NewExpression: ["callee", "arguments"],
  ObjectExpression: ["properties"],
  ObjectMethod: ["decorators", "key", "params", "body"],
  ObjectPattern: ["properties"],
  ObjectProperty: ["key", "value"],
  OptionalCallExpression: ["callee", "arguments"],
  OptionalMemberExpression: ["object", "property"],
  ParenthesizedExpression: ["expression"],
  RestElement: ["argument"],
  ReturnStatement: ["argument"],
  SequenceExpression: ["expressions"],
  SpreadElement: ["argument"],
  StaticBlock: ["body"],
  SwitchCase: ["test", "consequent"],
  SwitchStatement: ["discriminant", "cases"],
  TaggedTemplateExpression: ["tag", "quasi"],
  TemplateLiteral: ["expressions"],
  ThrowStatement: ["argument"],
  TryStatement: ["block", "handler", "finalizer"],
  TSAsExpression: ["expression"],
  TSExportAssignment: ["expression"],
  TSInstantiationExpression: ["expression"],
  TSNonNullExpression: ["expression"],
  TSParameterProperty: ["parameter"],
  TSSatisfiesExpression: ["expression"],
  TSTypeAssertion: ["expression"],
  UnaryExpression: ["argument"],
  UpdateExpression: ["argument"],
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id", "init"],
  WhileStatement: ["test", "body"],
  YieldExpression: ["argument"],
};
// With statements are left out on purpose: a Proxy as the object would see the names that the transform adds.

const NO_CHILDREN: readonly string[] = [];

/** The keys under which the node holds expressions and statements. */
export function childKeys(node: Node): readonly string[] {
  return CHILDREN[node.type] ?? NO_CHILDREN;
}

/** Whether the node is of the most frequent kinds that have no children. */
export function isLeaf({ type }: Node): boolean {
  return (
    type === "Identifier" ||
    type === "StringLiteral" ||
    type === "NumericLiteral" ||
    type === "ThisExpression" ||
    type === "BooleanLiteral" ||
    type === "NullLiteral"
  );
}

/** The children under a key: none, one, or a list in which there can be holes. */
export function childrenUnder(node: Node, key: string): Node | readonly (Node | null)[] | null | undefined {
  return (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key];
}

/** Calls `visit` with each child and the key under which it stands. */
export function forEachChild(node: Node, visit: (child: Node, key: string) => void): void {
  const keys = childKeys(node);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const value = childrenUnder(node, key);
    if (value == null) continue;
    if (Array.isArray(value)) {
      for (let j = 0; j < value.length; j++) if (value[j]) visit(value[j], key);
    } else if (isKeyWithExpression(node, key)) {
      visit(value as Node, key);
    }
  }
}

/** Property names are no expressions unless they are computed. */
function isKeyWithExpression(node: Node, key: string): boolean {
  if (key !== "key" && key !== "property") return true;
  return (node as { computed?: boolean }).computed === true;
}

/** Whether the declaration only exists for the type checker. */
export function isTypeOnly(node: Node): boolean {
  return (node as { declare?: boolean | null }).declare === true;
}

/** Whether the text of a function or program begins with "use strict". */
export function saysStrict({ directives }: t.Program | t.BlockStatement): boolean {
  return directives.some(({ value }) => value.value === "use strict");
}

/** The names that a pattern or parameter binds. */
export function boundNames(node: Node | null | undefined, into: Set<string>): void {
  if (node == null) return;
  switch (node.type) {
    case "Identifier":
      into.add(node.name);
      return;
    case "MemberExpression":
      return;
    case "ObjectProperty":
      boundNames(node.value, into);
      return;
    case "AssignmentPattern":
      boundNames(node.left, into);
      return;
    case "RestElement":
      boundNames(node.argument, into);
      return;
    case "TSParameterProperty":
      boundNames(node.parameter, into);
      return;
    case "ArrayPattern":
      for (const element of node.elements) boundNames(element, into);
      return;
    case "ObjectPattern":
      for (const property of node.properties) boundNames(property, into);
  }
}

/** The number of functions that engines make for a class: its methods, and one that fills the fields of instances; 0 for anything else. */
export function classFunctions(node: Node): number {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return 0;
  const { body } = node.body;
  const methods = body.filter(
    (member) =>
      member.type === "ClassPrivateMethod" ||
      (member.type === "ClassMethod" && member.kind !== "constructor"),
  );
  return methods.length + Number(body.some(isInstanceField));
}

function isInstanceField(member: Node): boolean {
  switch (member.type) {
    case "ClassProperty":
      return !member.static && !member.declare && !member.abstract;
    case "ClassPrivateProperty":
    case "ClassAccessorProperty":
      return !member.static;
    default:
      return false;
  }
}
