import type * as t from "@babel/types";
import type { Captured } from "../../sites/closure_parameter.ts";
import { boundNames, isTypeOnly, type Node, saysStrict } from "../syntax/ast.ts";
import { OpenScopes } from "../syntax/open_scopes.ts";
import {
  addFunctionNames,
  addLexicalNames,
  exportedNames,
  isDeclaration,
  isExport,
} from "../syntax/scope_names.ts";
import { type NodeHandlers, Walker } from "../syntax/walker.ts";
import { mayCallAccessor } from "./accessors.ts";
import { isBuiltinCall, isEval, isSilentCall } from "./builtin_calls.ts";
import { visitClass } from "./class_captures.ts";
import { visitFunction } from "./function_captures.ts";
import { type FunctionFacts, hoist, newFacts, type ProgramFacts } from "./function_facts.ts";
import { holdFunction, noteAssigned, noteNew, notePrototype, useComponent } from "./variable_uses.ts";

/**
 * What each closure and class is charged with. Engines keep the variables of a scope that inner functions use in a
 * context, which is made each time the scope is entered. It is charged once: to the first closure that is certain to be
 * made in the scope, else to one that may be. Closures in loops are made more often than the scope around the loop is
 * entered, so they are not charged with that.
 */
export type Captures = ReadonlyMap<Node, Captured>;

/** What the walk is told of a program. */
export interface SurveyOptions {
  /** Names of properties whose reads and writes may be calls. */
  readonly accessors: ReadonlySet<string>;
  /** `resourceAliases` */
  readonly aliases: ReadonlySet<string>;
  /** The program is the body of a function, as modules and CommonJS are. */
  readonly isFunctionBody: boolean;
  /** Where scopes are opened and variables looked up: a test takes one that notes what happens. */
  readonly scopes?: OpenScopes;
}

/** Collects the facts of every function of a program, and what its closures are charged with, in one walk. */
export function survey(
  program: t.Program,
  { accessors, aliases, isFunctionBody, scopes = new OpenScopes() }: SurveyOptions,
): ProgramFacts & { readonly captures: Captures } {
  const walk = new SurveyWalk({ accessors, aliases }, scopes);
  walk.program(program, isFunctionBody);
  return { facts: walk.facts, constructed: walk.constructed, uses: scopes.uses, captures: scopes.found };
}

/** The walk over a program. */
export class SurveyWalk extends Walker<SurveyWalk> {
  readonly facts: Map<Node, FunctionFacts> = new Map();
  readonly constructed: Set<string> = new Set();
  readonly accessors: ReadonlySet<string>;
  readonly aliases: ReadonlySet<string>;
  readonly scopes: OpenScopes;
  isStrict = false;
  /** Of the function that is being walked. */
  own: FunctionFacts = newFacts();

  constructor({ accessors, aliases }: Pick<SurveyOptions, "accessors" | "aliases">, scopes: OpenScopes) {
    super(HANDLERS);
    this.accessors = accessors;
    this.aliases = aliases;
    this.scopes = scopes;
  }

  program(program: t.Program, isFunctionBody: boolean): void {
    this.facts.set(program, this.own);
    hoist(program.body, this.own);
    const names = new Set<string>();
    const isModule = program.sourceType === "module";
    this.isStrict = isModule || saysStrict(program);
    // Variables of scripts are global, and those that modules import or export are in cells of their own.
    if (isModule || isFunctionBody) {
      addLexicalNames(program.body, names);
      this.addVariables(this.own, names);
      if (isModule) for (const name of exportedNames(program)) names.delete(name);
    }
    // CommonJS is the body of a function, whose `this` an arrow function can capture.
    this.scopes.inFunction(names, isModule || !isFunctionBody, () => this.statements(program.body));
  }

  /** Visits what is a function of its own, or runs as one. */
  within(facts: FunctionFacts, visit: () => void): void {
    const outer = this.own;
    this.own = facts;
    visit();
    this.own = outer;
    outer.evals ||= facts.evals;
  }

  /** What a function binds in all of its body. */
  addVariables(facts: FunctionFacts, names: Set<string>): void {
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
      if (declaration?.type !== "FunctionDeclaration") continue;
      this.scopes.make(declaration);
      if (declaration.id != null) this.scopes.hold(declaration.id.name, declaration);
    }
    for (let i = 0; i < statements.length; i++) this.visit(statements[i]);
  }
}

const HANDLERS: NodeHandlers<SurveyWalk> = {
  ArrayExpression(walk, { elements }) {
    if (elements.some((element) => element?.type === "SpreadElement")) walk.own.calls = true;
    walk.visitEach(elements);
  },
  ArrowFunctionExpression: visitFunction,
  // The most frequent nodes go without the detour over the table of children.
  AssignmentExpression(walk, node) {
    noteAssigned(node, walk.scopes);
    visitBoth(walk, node);
  },
  AwaitExpression(walk, node) {
    walk.own.awaits = true;
    walk.visit(node.argument);
  },
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
    if (isEval(node.callee)) {
      walk.own.evals = true;
      walk.scopes.useAll();
    }
    if (!isSilentCall(node)) walk.own.calls = true;
    if (isBuiltinCall(node, walk.aliases)) walk.own.callsBuiltin = true;
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
  ForOfStatement(walk, node) {
    if (node.await) walk.own.awaits = true;
    walk.own.calls = true; // of the iterator
    visitFor(walk, node);
  },
  ForStatement: visitFor,
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  Identifier(walk, node) {
    walk.scopes.use(node.name);
  },
  IfStatement: visitBranches,
  ImportExpression: visitCall,
  JSXElement: visitCall,
  JSXFragment: visitCall,
  JSXOpeningElement(walk, node) {
    useComponent(walk.scopes, node.name);
    walk.visitChildren(node);
  },
  LogicalExpression(walk, node) {
    walk.visit(node.left);
    walk.scopes.branches++;
    walk.visit(node.right);
    walk.scopes.branches--;
  },
  MemberExpression(walk, node) {
    if (mayCallAccessor(node, walk.accessors)) walk.own.calls = true;
    notePrototype(node, walk.scopes);
    walk.visit(node.object);
    if (node.computed) walk.visit(node.property);
  },
  NewExpression(walk, node) {
    noteNew(node, walk);
    visitCall(walk, node);
  },
  NumericLiteral() {},
  ObjectMethod: visitFunction,
  OptionalCallExpression(walk, node) {
    if (isBuiltinCall(node, walk.aliases)) walk.own.callsBuiltin = true;
    visitCall(walk, node);
  },
  OptionalMemberExpression(walk, node) {
    if (mayCallAccessor(node, walk.accessors)) walk.own.calls = true;
    walk.visitChildren(node);
  },
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
  TaggedTemplateExpression: visitCall,
  ThisExpression(walk) {
    walk.scopes.useThis();
  },
  VariableDeclaration(walk, node) {
    if (isTypeOnly(node)) return;
    if (node.kind === "await using") walk.own.isUnframeable = true;
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier") walk.visit(id);
      else if (init) holdFunction(id.name, init, walk.scopes);
      if (init) walk.visit(init);
    }
  },
  WhileStatement: visitLoop,
  WithStatement(walk) {
    walk.own.isUnframeable = true; // what is in it is left as it is
  },
  YieldExpression(walk, node) {
    walk.own.yields = true;
    walk.visitChildren(node);
  },
};

function visitCall(walk: SurveyWalk, node: Node): void {
  walk.own.calls = true;
  walk.visitChildren(node);
}

function visitBoth(walk: SurveyWalk, node: t.AssignmentExpression | t.BinaryExpression): void {
  walk.visit(node.left);
  walk.visit(node.right);
}

function visitBranches(walk: SurveyWalk, node: t.IfStatement | t.ConditionalExpression): void {
  walk.visit(node.test);
  walk.scopes.branches++;
  walk.visit(node.consequent);
  if (node.alternate) walk.visit(node.alternate);
  walk.scopes.branches--;
}

function visitLoop(walk: SurveyWalk, node: Node): void {
  walk.scopes.loops++;
  walk.visitChildren(node);
  walk.scopes.loops--;
}

function visitFor(walk: SurveyWalk, node: t.ForStatement | t.ForInStatement | t.ForOfStatement): void {
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
