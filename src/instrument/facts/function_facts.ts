import type * as t from "@babel/types";
import {
  boundNames,
  type FunctionNode,
  forEachChild,
  isLeaf,
  isTypeOnly,
  type Node,
  unwrap,
} from "../syntax/ast.ts";
import { type NodeHandlers, Walker } from "../syntax/walker.ts";
import { mayCallAccessor } from "./accessors.ts";
import { isBuiltinCall, isSilentCall } from "./builtin_calls.ts";

/** What has to be known about a function (or the module) before its first edit is made. */
export interface FunctionFacts {
  /** It calls something that could allocate or call back. */
  calls: boolean;
  /** It calls something that bears the name of a built-in function that allocates. */
  callsBuiltin: boolean;
  awaits: boolean;
  yields: boolean;
  /** It calls `eval` directly, or a function in it does: its scopes can be seen by name. */
  evals: boolean;
  /** Functions declared as statements of the body itself. */
  declared: string[];
  /** Names bound by `var` and by parameters. */
  variables: Set<string>;
  /** Functions declared in nested blocks: sloppy code binds these like `var` as well (ECMA-262 B.3.2). Null: none. */
  declaredInBlocks: Set<string> | null;
  /**
   * A frame cannot be kept right: `await using` suspends where no code can stand, and what is within `with` is left
   * as it is, `await` and `return` too.
   */
  isUnframeable: boolean;
}

function newFacts(): FunctionFacts {
  return {
    calls: false,
    callsBuiltin: false,
    awaits: false,
    yields: false,
    evals: false,
    declared: [],
    variables: new Set(),
    declaredInBlocks: null,
    isUnframeable: false,
  };
}

/**
 * Collects the facts of every function of a program in one walk. The program itself and static blocks have facts too.
 *
 * @param accessors Names of properties whose reads and writes may be calls.
 */
export function collectFacts(program: t.Program, accessors: ReadonlySet<string>): ProgramFacts {
  const walk = new FactWalk(accessors);
  walk.facts.set(program, walk.own);
  walk.visitBody(program.body);
  return walk;
}

/** What is known about a program. */
export interface ProgramFacts {
  readonly facts: Map<Node, FunctionFacts>;
  /** Names of what the program calls with `new`. */
  readonly constructed: ReadonlySet<string>;
}

class FactWalk extends Walker<FactWalk> implements ProgramFacts {
  readonly facts: Map<Node, FunctionFacts> = new Map();
  readonly constructed: Set<string> = new Set();
  readonly accessors: ReadonlySet<string>;
  /** Of the function that is being walked. */
  own: FunctionFacts = newFacts();
  /** The function that the statement of a body declares which is being walked. */
  declaration: Node | null | undefined = null;

  constructor(accessors: ReadonlySet<string>) {
    super(HANDLERS);
    this.accessors = accessors;
  }

  override visit(node: Node, key = ""): void {
    if (!isLeaf(node)) super.visit(node, key);
  }

  /** Visits statements of the body of a function, or the like. */
  visitBody(statements: readonly Node[]): void {
    for (let i = 0; i < statements.length; i++) {
      this.declaration = declarationIn(statements[i]);
      this.visit(statements[i]);
    }
  }

  /** Visits what is a function of its own, or runs as one. */
  within(facts: FunctionFacts, visit: () => void): void {
    const outer = this.own;
    this.own = facts;
    visit();
    this.own = outer;
    outer.evals ||= facts.evals;
  }
}

/** What a statement declares, exported or labelled. */
function declarationIn(statement: Node): Node | null | undefined {
  let node: Node | null | undefined = statement;
  for (;;) {
    switch (node?.type) {
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        node = node.declaration;
        break;
      case "LabeledStatement":
        node = node.body;
        break;
      default:
        return node;
    }
  }
}

const HANDLERS: NodeHandlers<FactWalk> = {
  ArrayExpression(walk, node) {
    if (node.elements.some((element) => element?.type === "SpreadElement")) walk.own.calls = true;
    walk.visitEach(node.elements);
  },
  ArrowFunctionExpression: visitFunction,
  // The most frequent nodes go without the detour over the table of children.
  AssignmentExpression: visitBoth,
  AwaitExpression(walk, node) {
    walk.own.awaits = true;
    walk.visitChildren(node);
  },
  BinaryExpression: visitBoth,
  BlockStatement(walk, node) {
    walk.visitEach(node.body);
  },
  CallExpression(walk, node) {
    const callee = unwrap(node.callee);
    if (callee.type === "Identifier" && callee.name === "eval") walk.own.evals = true;
    if (!isSilentCall(node)) walk.own.calls = true;
    if (isBuiltinCall(node)) walk.own.callsBuiltin = true;
    walk.visit(node.callee);
    walk.visitEach(node.arguments);
  },
  ClassAccessorProperty: visitField,
  ClassDeclaration(walk, node) {
    if (!isTypeOnly(node)) walk.visitChildren(node);
  },
  ClassMethod: visitFunction,
  ClassPrivateMethod: visitFunction,
  ClassPrivateProperty: visitField,
  ClassProperty: visitField,
  ConditionalExpression: visitBranches,
  ExpressionStatement(walk, node) {
    walk.visit(node.expression);
  },
  ForOfStatement(walk, node) {
    if (node.await) walk.own.awaits = true;
    visitCall(walk, node); // of the iterator
  },
  FunctionDeclaration(walk, node) {
    if (isTypeOnly(node)) return;
    noteDeclaration(node, walk.own, node === walk.declaration);
    visitFunction(walk, node);
  },
  FunctionExpression: visitFunction,
  IfStatement: visitBranches,
  ImportExpression: visitCall,
  JSXElement: visitCall,
  JSXFragment: visitCall,
  LogicalExpression: visitBoth,
  MemberExpression(walk, node) {
    if (mayCallAccessor(node, walk.accessors)) walk.own.calls = true;
    walk.visit(node.object);
    if (node.computed) walk.visit(node.property);
  },
  NewExpression(walk, node) {
    noteConstructed(node, walk.constructed);
    visitCall(walk, node);
  },
  ObjectMethod: visitFunction,
  OptionalCallExpression(walk, node) {
    if (isBuiltinCall(node)) walk.own.callsBuiltin = true;
    visitCall(walk, node);
  },
  OptionalMemberExpression(walk, node) {
    if (mayCallAccessor(node, walk.accessors)) walk.own.calls = true;
    walk.visitChildren(node);
  },
  ReturnStatement(walk, node) {
    if (node.argument) walk.visit(node.argument);
  },
  StaticBlock(walk, node) {
    const outside = newFacts();
    walk.facts.set(node, outside);
    walk.within(outside, () => walk.visitBody(node.body));
  },
  TaggedTemplateExpression: visitCall,
  VariableDeclaration(walk, node) {
    if (isTypeOnly(node)) return;
    if (node.kind === "var") for (const { id } of node.declarations) boundNames(id, walk.own.variables);
    if (node.kind === "await using") walk.own.isUnframeable = true;
    walk.visitChildren(node);
  },
  WithStatement(walk) {
    walk.own.isUnframeable = true; // what is in it is left as it is
  },
  YieldExpression(walk, node) {
    walk.own.yields = true;
    walk.visitChildren(node);
  },
};

function visitBoth(
  walk: FactWalk,
  node: t.AssignmentExpression | t.BinaryExpression | t.LogicalExpression,
): void {
  walk.visit(node.left);
  walk.visit(node.right);
}

function visitBranches(walk: FactWalk, node: t.IfStatement | t.ConditionalExpression): void {
  walk.visit(node.test);
  walk.visit(node.consequent);
  if (node.alternate) walk.visit(node.alternate);
}

function visitCall(walk: FactWalk, node: Node): void {
  walk.own.calls = true;
  walk.visitChildren(node);
}

/** A field's initialiser is a function of its own, which has no body for a frame to stand in. */
function visitField(
  walk: FactWalk,
  node: t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty,
): void {
  if (isTypeOnly(node)) return;
  forEachChild(node, (child, key) => {
    if (key === "value") walk.within(newFacts(), () => walk.visit(child));
    else walk.visit(child);
  });
}

function visitFunction(walk: FactWalk, node: FunctionNode): void {
  const inner = newFacts();
  walk.facts.set(node, inner);
  forEachChild(node, (child, key) => {
    if (key === "key" || key === "decorators") walk.visit(child);
    else if (key === "params") {
      boundNames(child, inner.variables);
      if (isLeaf(child)) return;
      // Defaults run before the body: a call there does not make the function need a frame.
      const outside = newFacts();
      walk.within(outside, () => walk.visit(child));
      inner.evals ||= outside.evals;
    } else if (child.type === "BlockStatement") walk.within(inner, () => walk.visitBody(child.body));
    else walk.within(inner, () => walk.visit(child));
  });
}

function noteDeclaration(node: t.FunctionDeclaration, own: FunctionFacts, isStatementOfBody: boolean): void {
  if (node.id == null) return;
  if (isStatementOfBody) own.declared.push(node.id.name);
  else {
    own.declaredInBlocks ??= new Set();
    own.declaredInBlocks.add(node.id.name);
  }
}

function noteConstructed({ callee }: t.NewExpression, constructed: Set<string>): void {
  const name =
    callee.type === "MemberExpression" && !callee.computed ? unwrap(callee.property) : unwrap(callee);
  if (name.type === "Identifier") constructed.add(name.name);
}

/**
 * Whether the statements of a function's body may move into a block (`try { … } finally { … }`) without a change of
 * meaning. Functions declared at the top of a body are bound like `var` there, but like `let` in a block: that is the
 * same as long as no other declaration bears the name, and no `eval` looks.
 */
export function bodyMayBecomeBlock(facts: FunctionFacts): boolean {
  if (facts.declared.length === 0) return true;
  if (facts.evals || new Set(facts.declared).size !== facts.declared.length) return false;
  const { variables, declaredInBlocks } = facts;
  return facts.declared.every(
    (name) => name !== "arguments" && !variables.has(name) && declaredInBlocks?.has(name) !== true,
  );
}
