import type * as t from "@babel/types";
import type { Captured } from "../../sites/closure_parameter.ts";
import { boundNames, type FunctionNode, isTypeOnly, type Node, unwrap } from "../syntax/ast.ts";
import { OpenScopes } from "../syntax/open_scopes.ts";
import {
  addFunctionNames,
  addLexicalNames,
  exportedNames,
  isDeclaration,
  isExport,
} from "../syntax/scope_names.ts";
import { type NodeHandlers, Walker } from "../syntax/walker.ts";
import { visitClass } from "./class_captures.ts";
import type { FunctionFacts } from "./function_facts.ts";

/**
 * What each closure and class is charged with. Engines keep the variables of a scope that inner functions use in a
 * context, which is made each time the scope is entered. It is charged once: to the first closure that is certain to be
 * made in the scope, else to one that may be. Closures in loops are made more often than the scope around the loop is
 * entered, so they are not charged with that.
 */
export type Captures = ReadonlyMap<Node, Captured>;

/**
 * Analyses a program in one walk; `facts` are those of `collectFacts`.
 *
 * @param scopes Where scopes are opened and variables looked up: a test takes one that notes what happens.
 */
export function findCaptures(
  program: t.Program,
  facts: ReadonlyMap<Node, FunctionFacts>,
  isFunctionBody: boolean,
  scopes: OpenScopes = new OpenScopes(),
): Captures {
  new CaptureWalk(facts, scopes).program(program, isFunctionBody);
  return scopes.found;
}

/** The walk over a program. */
export class CaptureWalk extends Walker<CaptureWalk> {
  readonly scopes: OpenScopes;
  isStrict = false;
  readonly #facts: ReadonlyMap<Node, FunctionFacts>;

  constructor(facts: ReadonlyMap<Node, FunctionFacts>, scopes: OpenScopes) {
    super(HANDLERS);
    this.#facts = facts;
    this.scopes = scopes;
  }

  program(program: t.Program, isFunctionBody: boolean): void {
    const names = new Set<string>();
    const isModule = program.sourceType === "module";
    this.isStrict = isModule || saysStrict(program);
    // Variables of scripts are global, and those that modules import or export are in cells of their own.
    if (isModule || isFunctionBody) {
      addLexicalNames(program.body, names);
      this.addVariables(program, names);
      if (isModule) for (const name of exportedNames(program)) names.delete(name);
    }
    // CommonJS is the body of a function, whose `this` an arrow function can capture.
    this.scopes.inFunction(names, isModule || !isFunctionBody, () => this.statements(program.body));
  }

  /** What a function binds in all of its body. */
  addVariables(owner: Node, names: Set<string>): void {
    const facts = this.#facts.get(owner);
    if (facts === undefined) return;
    for (const name of facts.variables) names.add(name);
    for (const name of facts.declared) names.add(name);
    if (facts.declaredInBlocks === null || this.isStrict) return;
    for (const name of facts.declaredInBlocks) names.add(name);
  }

  statements(statements: readonly Node[]): void {
    // Declared functions are made when their block is entered.
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i];
      const declaration = isExport(statement) ? statement.declaration : statement;
      if (declaration?.type === "FunctionDeclaration") this.scopes.make(declaration);
    }
    for (let i = 0; i < statements.length; i++) this.visit(statements[i]);
  }
}

const HANDLERS: NodeHandlers<CaptureWalk> = {
  ArrowFunctionExpression: visitFunction,
  // The most frequent nodes go without the detour over the table of children.
  AssignmentExpression: visitBoth,
  BinaryExpression: visitBoth,
  BlockStatement(walk, { body }) {
    if (!body.some(isDeclaration)) {
      walk.statements(body);
      return;
    }
    const names = new Set<string>();
    addLexicalNames(body, names);
    addFunctionNames(body, names);
    walk.scopes.within(names, () => walk.statements(body));
  },
  CallExpression(walk, node) {
    if (isEval(node.callee)) walk.scopes.useAll();
    walk.visit(node.callee);
    walk.visitEach(node.arguments);
  },
  CatchClause(walk, { param, body }) {
    walk.scopes.branches++;
    const names = new Set<string>();
    boundNames(param, names);
    walk.scopes.within(names, () => {
      if (param) walk.visit(param);
      walk.visit(body);
    });
    walk.scopes.branches--;
  },
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  ClassMethod: visitFunction,
  ClassPrivateMethod: visitFunction,
  ConditionalExpression: visitBranches,
  DoWhileStatement: visitLoop,
  ExpressionStatement(walk, node) {
    walk.visit(node.expression);
  },
  ForInStatement: visitFor,
  ForOfStatement: visitFor,
  ForStatement: visitFor,
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  Identifier(walk, node) {
    walk.scopes.use(node.name);
  },
  IfStatement: visitBranches,
  JSXOpeningElement(walk, node) {
    useComponent(walk, node.name);
    walk.visitChildren(node);
  },
  LogicalExpression(walk, node) {
    walk.visit(node.left);
    walk.scopes.branches++;
    walk.visit(node.right);
    walk.scopes.branches--;
  },
  MemberExpression(walk, node) {
    walk.visit(node.object);
    if (node.computed) walk.visit(node.property);
  },
  NumericLiteral() {},
  ObjectMethod: visitFunction,
  ReturnStatement(walk, node) {
    if (node.argument) walk.visit(node.argument);
  },
  StringLiteral() {},
  Super(walk) {
    walk.scopes.useThis();
  },
  SwitchStatement(walk, node) {
    walk.visit(node.discriminant);
    const names = new Set<string>();
    for (const { consequent } of node.cases) {
      addLexicalNames(consequent, names);
      addFunctionNames(consequent, names);
    }
    walk.scopes.within(names, () => {
      walk.scopes.branches++;
      for (const part of node.cases) {
        if (part.test) walk.visit(part.test);
        walk.statements(part.consequent);
      }
      walk.scopes.branches--;
    });
  },
  ThisExpression(walk) {
    walk.scopes.useThis();
  },
  VariableDeclaration(walk, node) {
    if (isTypeOnly(node)) return;
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier") walk.visit(id);
      if (init) walk.visit(init);
    }
  },
  WhileStatement: visitLoop,
};

function visitBoth(walk: CaptureWalk, node: t.AssignmentExpression | t.BinaryExpression): void {
  walk.visit(node.left);
  walk.visit(node.right);
}

function visitBranches(walk: CaptureWalk, node: t.IfStatement | t.ConditionalExpression): void {
  walk.visit(node.test);
  walk.scopes.branches++;
  walk.visit(node.consequent);
  if (node.alternate) walk.visit(node.alternate);
  walk.scopes.branches--;
}

function visitLoop(walk: CaptureWalk, node: Node): void {
  walk.scopes.loops++;
  walk.visitChildren(node);
  walk.scopes.loops--;
}

function visitFor(walk: CaptureWalk, node: t.ForStatement | t.ForInStatement | t.ForOfStatement): void {
  if (node.type !== "ForStatement") walk.visit(node.right);
  walk.scopes.loops++;
  const head = node.type === "ForStatement" ? node.init : node.left;
  const names = new Set<string>();
  if (head != null) addLexicalNames([head], names);
  walk.scopes.within(names, () => {
    if (head != null) walk.visit(head);
    if (node.type === "ForStatement") {
      if (node.test) walk.visit(node.test);
      if (node.update) walk.visit(node.update);
    }
    walk.visit(node.body);
  });
  walk.scopes.loops--;
}

function useComponent({ scopes }: CaptureWalk, name: t.JSXOpeningElement["name"]): void {
  let root: Node = name;
  while (root.type === "JSXMemberExpression") root = root.object;
  if (root.type !== "JSXIdentifier") return;
  // `<a>` and `<a-b>` are elements of the page, not variables; `<a.b>` is one's property.
  if (root !== name || !/^[a-z]|-/.test(root.name)) scopes.use(root.name);
}

function visitFunction(walk: CaptureWalk, node: FunctionNode): void {
  if (isTypeOnly(node)) return;
  if ("decorators" in node && node.decorators) walk.visitEach(node.decorators);
  if ("computed" in node && node.computed) walk.visit(node.key);
  // The methods of a class are made with it, and accessors have no site of their own.
  const isMember = node.type === "ClassMethod" || node.type === "ClassPrivateMethod";
  if (!isMember && !(node.type === "ObjectMethod" && node.kind !== "method")) walk.scopes.make(node);
  const body: Node | null | undefined = node.body;
  if (body == null) return;
  const wasStrict = walk.isStrict;
  walk.isStrict ||= body.type === "BlockStatement" && saysStrict(body);
  visitFunctionScopes(walk, node, body);
  walk.isStrict = wasStrict;
}

function visitFunctionScopes(walk: CaptureWalk, node: FunctionNode, body: Node): void {
  const inner = new Set<string>();
  walk.addVariables(node, inner);
  if (body.type === "BlockStatement") addLexicalNames(body.body, inner);
  const names = new Set<string>();
  // Patterns, defaults and rest parameters have a scope of their own around that of the body: ECMA-262 §10.2.11, and V8,
  // where a closure that captures a variable of each costs two contexts (Node 22, 26: 32 bytes more).
  const isOneScope = node.params.every(isPlainParameter);
  if (!isOneScope) {
    for (const parameter of node.params) boundNames(parameter, names);
    for (const name of names) inner.delete(name);
  }
  if (node.type === "FunctionExpression" && node.id) names.add(node.id.name);
  const visitBody = (): void => {
    if (body.type === "BlockStatement") walk.statements(body.body);
    else walk.visit(body);
  };
  const outer = isOneScope ? new Set([...names, ...inner]) : names;
  walk.scopes.inFunction(outer, node.type === "ArrowFunctionExpression", () => {
    walk.visitEach(node.params);
    if (isOneScope || inner.size === 0) visitBody();
    else walk.scopes.within(inner, visitBody);
  });
}

function isPlainParameter(parameter: Node): boolean {
  if (parameter.type === "TSParameterProperty") return parameter.parameter.type === "Identifier";
  return parameter.type === "Identifier";
}

/** Whether the text of a function or program begins with "use strict". */
function saysStrict({ directives }: t.Program | t.BlockStatement): boolean {
  return directives.some(({ value }) => value.value === "use strict");
}

function isEval(callee: Node): boolean {
  const inner = unwrap(callee);
  return inner.type === "Identifier" && inner.name === "eval";
}
