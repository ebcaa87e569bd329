import type * as t from "@babel/types";
import { FUNCTIONS, LATE_FUNCTIONS } from "../../sites/builtin_tables.ts";
import {
  boundNames,
  forEachChild,
  isFunction,
  isLeaf,
  isTypeOnly,
  type Node,
  unwrap,
} from "../syntax/ast.ts";
import { mayCallAccessor } from "./accessors.ts";

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

// Built-in methods that neither allocate nor call back. A function with no other calls needs no frame: parsers call
// `charCodeAt` in their innermost loops. A method of the user's that bears one of these names, and allocates, is
// charged to the right line all the same; only its caller's frame is the next one out.
const SILENT_METHODS = new Set([
  "charCodeAt",
  "codePointAt",
  "charAt",
  "hasOwnProperty",
  "isArray",
  "startsWith",
  "endsWith",
  "fromCharCode",
]);
const SILENT_OBJECTS = new Set(["Math"]);
const SILENT_NUMBER_FUNCTIONS = new Set(["isInteger", "isSafeInteger", "isNaN", "isFinite"]);

/** Whether the call is of a built-in function that neither allocates nor calls back. */
export function isSilentCall(node: Node): boolean {
  if (node.type !== "CallExpression") return false;
  const callee = node.callee;
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
    return false;
  const name = callee.property.name;
  if (SILENT_METHODS.has(name)) return true;
  if (callee.object.type !== "Identifier") return false;
  return (
    SILENT_OBJECTS.has(callee.object.name) ||
    (callee.object.name === "Number" && SILENT_NUMBER_FUNCTIONS.has(name))
  );
}

const BUILTIN_NAMES: ReadonlySet<string> = new Set(
  [...FUNCTIONS, ...LATE_FUNCTIONS].flatMap(({ names }) => names),
);

/**
 * Whether the call may be of a built-in function that allocates, by its name. These are the calls that are recorded where
 * one frame is wanted: what they make is charged to the line that calls them.
 */
export function isBuiltinCall(node: Node): boolean {
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return false;
  const { callee } = node;
  if (callee.type === "Identifier") return BUILTIN_NAMES.has(callee.name);
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return false;
  return !callee.computed && callee.property.type === "Identifier" && BUILTIN_NAMES.has(callee.property.name);
}

/**
 * Collects the facts of every function of a program in one walk. The program itself and static blocks have facts too.
 *
 * @param accessors Names of properties whose reads and writes may be calls.
 */
export function collectFacts(program: Node, accessors: ReadonlySet<string>): ProgramFacts {
  const all = { facts: new Map<Node, FunctionFacts>(), constructed: new Set<string>(), accessors };
  const own = newFacts();
  all.facts.set(program, own);
  forEachChild(program, (child) => collect(child, own, true, all));
  return all;
}

/** What is known about a program. */
export interface ProgramFacts {
  readonly facts: Map<Node, FunctionFacts>;
  /** Names of what the program calls with `new`. */
  readonly constructed: ReadonlySet<string>;
}

interface Collection {
  readonly facts: Map<Node, FunctionFacts>;
  readonly constructed: Set<string>;
  readonly accessors: ReadonlySet<string>;
}

function collect(node: Node, own: FunctionFacts, isStatementOfBody: boolean, all: Collection): void {
  if (isLeaf(node)) return;
  // The most frequent of the rest, without the detour over the table of children.
  switch (node.type) {
    case "MemberExpression":
      if (mayCallAccessor(node, all.accessors)) own.calls = true;
      collect(node.object, own, false, all);
      if (node.computed) collect(node.property, own, false, all);
      return;
    case "ExpressionStatement":
      collect(node.expression, own, false, all);
      return;
    case "CallExpression":
      note(node, own);
      collect(node.callee, own, false, all);
      collectEach(node.arguments, own, false, all);
      return;
    case "AssignmentExpression":
    case "BinaryExpression":
    case "LogicalExpression":
      collect(node.left, own, false, all);
      collect(node.right, own, false, all);
      return;
    case "ReturnStatement":
      if (node.argument) collect(node.argument, own, false, all);
      return;
    case "BlockStatement":
      collectEach(node.body, own, false, all);
      return;
    case "IfStatement":
    case "ConditionalExpression":
      collect(node.test, own, false, all);
      collect(node.consequent, own, false, all);
      if (node.alternate) collect(node.alternate, own, false, all);
      return;
  }
  if (isTypeOnly(node)) return;
  if (isFunction(node)) {
    noteDeclaration(node, own, isStatementOfBody);
    collectFunction(node, own, all);
    return;
  }
  note(node, own);
  if (node.type === "NewExpression") noteConstructed(node, all.constructed);
  if (mayCallAccessor(node, all.accessors)) own.calls = true;
  if (isFieldWithValue(node)) {
    // A field's initialiser is a function of its own, which has no body for a frame to stand in.
    const outside = newFacts();
    forEachChild(node, (child, key) => collect(child, key === "value" ? outside : own, false, all));
    own.evals ||= outside.evals;
    return;
  }
  if (node.type === "StaticBlock") {
    const outside = newFacts();
    all.facts.set(node, outside);
    forEachChild(node, (child) => collect(child, outside, true, all));
    own.evals ||= outside.evals;
    return;
  }
  const passesThrough = node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration";
  const isLabelled = node.type === "LabeledStatement";
  forEachChild(node, (child) => collect(child, own, isStatementOfBody && (passesThrough || isLabelled), all));
}

/** By index: iterators are objects until the loop is optimised. */
function collectEach(
  nodes: readonly Node[],
  own: FunctionFacts,
  areStatementsOfBody: boolean,
  all: Collection,
): void {
  for (let i = 0; i < nodes.length; i++) collect(nodes[i], own, areStatementsOfBody, all);
}

function collectFunction(node: Node, own: FunctionFacts, all: Collection): void {
  const inner = newFacts();
  all.facts.set(node, inner);
  forEachChild(node, (child, key) => {
    if (key === "key" || key === "decorators") {
      collect(child, own, false, all);
    } else if (key === "params") {
      boundNames(child, inner.variables);
      if (isLeaf(child)) return;
      // Defaults run before the body: a call there does not make the function need a frame.
      const outside = newFacts();
      collect(child, outside, false, all);
      inner.evals ||= outside.evals;
    } else if (child.type === "BlockStatement") {
      collectEach(child.body, inner, true, all);
    } else {
      collect(child, inner, false, all);
    }
  });
  own.evals ||= inner.evals;
}

function noteDeclaration(node: Node, own: FunctionFacts, isStatementOfBody: boolean): void {
  if (node.type !== "FunctionDeclaration" || node.id == null) return;
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

function isFieldWithValue(node: Node): boolean {
  return (
    node.type === "ClassProperty" ||
    node.type === "ClassPrivateProperty" ||
    node.type === "ClassAccessorProperty"
  );
}

function note(node: Node, own: FunctionFacts): void {
  switch (node.type) {
    case "CallExpression": {
      const callee = unwrap(node.callee);
      if (callee.type === "Identifier" && callee.name === "eval") own.evals = true;
      if (!isSilentCall(node)) own.calls = true;
      if (isBuiltinCall(node)) own.callsBuiltin = true;
      return;
    }
    case "OptionalCallExpression":
      own.calls = true;
      if (isBuiltinCall(node)) own.callsBuiltin = true;
      return;
    case "NewExpression":
    case "TaggedTemplateExpression":
    case "ImportExpression":
    case "JSXElement":
    case "JSXFragment":
      own.calls = true;
      return;
    case "ForOfStatement":
      if (node.await) own.awaits = true;
      own.calls = true; // of the iterator
      return;
    case "ArrayExpression":
      if (node.elements.some((element) => element?.type === "SpreadElement")) own.calls = true;
      return;
    case "AwaitExpression":
      own.awaits = true;
      return;
    case "YieldExpression":
      own.yields = true;
      return;
    case "VariableDeclaration":
      if (node.kind === "var") for (const { id } of node.declarations) boundNames(id, own.variables);
      if (node.kind === "await using") own.isUnframeable = true;
      return;
    case "WithStatement":
      own.isUnframeable = true;
      return;
  }
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
