import { Kind } from "../../vocabulary/kinds.ts";
import { childKeys, type Node } from "../syntax/ast.ts";
import type { NodeHandlers } from "../syntax/walker.ts";
import { planMember } from "./plan_accessors.ts";
import {
  planArray,
  planAssignment,
  planAssignmentPattern,
  planConcatenation,
  planRegExp,
  planTemplate,
  planVariables,
} from "./plan_allocations.ts";
import { planCall } from "./plan_calls.ts";
import { planClass, planField } from "./plan_classes.ts";
import {
  planFunction,
  planFunctionExpression,
  planHandler,
  reportDeclaredFunctions,
} from "./plan_functions.ts";
import { planJsx } from "./plan_jsx.ts";
import { planObject } from "./plan_objects.ts";
import { planReturn } from "./plan_return.ts";
import { planAwait, planForOf, planYield } from "./plan_suspensions.ts";
import { type Planner, unframed } from "./planner.ts";

/** For each kind of node that is more than its children. */
export const HANDLERS: NodeHandlers<Planner> = {
  ArrayExpression: planArray,
  ArrowFunctionExpression: planFunctionExpression,
  AssignmentExpression: planAssignment,
  AssignmentPattern: planAssignmentPattern,
  AwaitExpression: planAwait,
  BinaryExpression: planConcatenation,
  BlockStatement(planner, node) {
    reportDeclaredFunctions(planner, node, node.start! + 1);
    planner.visitStatements(node, node.body);
  },
  CallExpression: planCall,
  CatchClause: planHandler,
  ClassAccessorProperty: planField,
  ClassDeclaration: planClass,
  ClassExpression: planClass,
  ClassMethod: planFunction,
  ClassPrivateMethod: planFunction,
  ClassPrivateProperty: planField,
  ClassProperty: planField,
  ConditionalExpression(planner, node) {
    planner.visitUnder(node, "test");
    const before = planner.scope.storedLine;
    planner.visitUnder(node, "consequent");
    const after = planner.scope.storedLine;
    planner.scope.storedLine = before;
    planner.visitUnder(node, "alternate");
    if (planner.scope.storedLine !== after || after !== before) planner.forgetStored();
  },
  Decorator(planner, node) {
    // The grammar of decorators has no place for a bracket around a call.
    if (node.expression.type === "CallExpression") planner.visitUnder(node.expression, "arguments");
  },
  DoWhileStatement: planParts,
  ExportNamedDeclaration(planner, node) {
    planner.visitUnder(node, "declaration");
  },
  ForInStatement: planParts,
  ForOfStatement: planForOf,
  ForStatement: planParts,
  FunctionDeclaration: planFunction,
  FunctionExpression: planFunctionExpression,
  IfStatement: planParts,
  ImportExpression(planner, node) {
    // Attributes stay a literal: bundlers and Deno read them without running the code.
    // Of `./lang/${name}.js` they make a list of files.
    const { source } = node;
    if (source.type === "TemplateLiteral" || source.type === "BinaryExpression")
      planner.visitChildren(source);
    else planner.visitUnder(node, "source");
    planImport(planner, node);
  },
  JSXElement: planJsx,
  JSXFragment: planJsx,
  LogicalExpression(planner, node) {
    planner.visitUnder(node, "left");
    planner.maybe(() => planner.visitUnder(node, "right"));
  },
  MemberExpression: planMember,
  NewExpression: planCall,
  ObjectExpression: planObject,
  ObjectMethod: planFunction,
  OptionalCallExpression: planCall,
  OptionalMemberExpression(planner, node) {
    planner.visitUnder(node, "object");
    planner.maybe(() => planner.visitUnder(node, "property"));
  },
  RegExpLiteral: planRegExp,
  ReturnStatement: planReturn,
  StaticBlock(planner, node) {
    planner.noteFunction(node);
    planner.within(unframed(planner), () => {
      if (node.body.length > 0) reportDeclaredFunctions(planner, node, node.body[0].start!);
      planner.visitStatements(node, node.body);
    });
  },
  SwitchCase(planner, node) {
    planner.forgetStored();
    planner.visitUnder(node, "test");
    planner.visitStatements(node, node.consequent);
  },
  SwitchStatement: planParts,
  TaggedTemplateExpression: planCall,
  TemplateLiteral: planTemplate,
  TryStatement(planner, node) {
    planner.visitUnder(node, "block");
    planner.visitUnder(node, "handler");
    if (node.finalizer) planHandler(planner, node.finalizer);
  },
  VariableDeclaration: planVariables,
  WhileStatement: planParts,
  YieldExpression: planYield,
};

/** Statements that evaluate their parts in another order than that of the text, or not at all, or again. */
function planParts(planner: Planner, node: Node): void {
  for (const key of childKeys(node)) {
    planner.forgetStored();
    planner.visitUnder(node, key);
  }
  planner.forgetStored();
}

/** The host loads on the line that asks it to: what its functions make meanwhile is charged there. */
function planImport(planner: Planner, node: Node): void {
  const { scope, edits, emitter } = planner;
  if (!planner.calls || !scope.access.framed) return;
  const site = planner.addSite(Kind.call, node);
  edits.start(node.start!, emitter.callStart(site, scope.access));
  edits.end(node.end!, emitter.callEnd());
  planner.forgetStored();
}
