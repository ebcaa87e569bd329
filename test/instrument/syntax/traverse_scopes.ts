// The scopes of a program as `@babel/traverse` finds them, in the shape of `scope_tree.ts`. Where ECMA-262 and V8 do not
// see them as Babel does, a comment here says so.
import traverse, { type Binding, type NodePath, type Scope } from "@babel/traverse";
import type * as t from "@babel/types";
import { boundNames, unwrap } from "../../../src/instrument/syntax/ast.ts";
import { exportedNames } from "../../../src/instrument/syntax/scope_names.ts";
import type { OpenTree } from "./scope_tree.ts";

/** What `@babel/traverse` finds out about a program's scopes. */
export interface TraverseFacts {
  readonly scopes: OpenTree;
  readonly free: ReadonlySet<string>;
  /** The names that each function binds: its parameters and `var`s, and the functions declared in its body. */
  readonly functions: ReadonlyMap<t.Node, ReadonlySet<string>>;
  /** Names that both sides leave out; see `isAmbiguous`. */
  readonly leftOut: ReadonlySet<string>;
  /** What a script, an import or an export binds, which is no variable of a context. */
  readonly outermost: ReadonlySet<string>;
}

/**
 * Types, and what the transform leaves as it is on purpose: `with`, whose object would see the names that are inserted, and
 * what is in TypeScript's namespaces and enums, which its compiler turns into functions later.
 */
const UNSEEN =
  /^(?:TS(?!As|Satisfies|NonNull|TypeAssertion|Instantiation|ParameterProperty|ExportAssignment)|WithStatement$)/;

/** @param isFunctionBody The program is the body of a function, as CommonJS is. */
export function traverseFacts(file: t.File, isFunctionBody: boolean): TraverseFacts {
  const scopes: Scope[] = [];
  const free = new Set<string>();
  const leftOut = new Set<string>();
  const trees = new Trees();
  const noteFree = (scope: Scope, names: Iterable<string>): void => {
    for (const name of names) if (!scope.hasBinding(name, { noGlobals: true })) free.add(name);
  };
  const evals: NodePath[] = [];
  const receivers: [path: NodePath, name: string][] = [];
  let program: NodePath | null = null;
  traverse(file, {
    enter(path) {
      if (path.isTSEnumDeclaration()) leftOut.add(path.node.id.name);
      if (isUnseen(path)) return path.skip();
      // Babel's scopes know neither these nor enums, which its TypeScript plugin adds to them.
      if (path.isTSParameterProperty()) boundNames(path.node, leftOut);
      if (path.isProgram()) program = path;
      if (path.isScope() && path.scope.path === path) scopes.push(path.scope);
      if (path.isThisExpression() || path.isSuper()) receivers.push([path, "this"]);
      else if (path.isReferencedIdentifier()) {
        const { name } = path.node as t.Identifier;
        if (name === "arguments" && !path.scope.hasBinding(name, { noGlobals: true }))
          receivers.push([path, name]);
        else noteFree(path.scope, [name]);
      } else if (path.isAssignmentExpression() || path.isUpdateExpression())
        noteFree(path.scope, Object.keys(path.getAssignmentIdentifiers()));
      else if (path.isForXStatement() && !path.get("left").isVariableDeclaration())
        noteFree(path.scope, Object.keys(path.get("left").getBindingIdentifiers()));
      else if (path.isCallExpression() && isEval(unwrap(path.node.callee))) evals.push(path);
    },
  });
  const isModule = file.program.sourceType === "module";
  const outermost = new Set<string>();
  const exported = exportedNames(file.program);
  const functions = new Map<t.Node, Set<string>>();
  for (const scope of scopes) {
    const own = new Set<string>();
    if (scope.path.isFunction()) functions.set(scope.path.node, own);
    for (const binding of Object.values(scope.bindings)) {
      const { name } = binding.identifier;
      const isImported =
        binding.path.parentPath?.isImportDeclaration() || binding.path.isTSImportEqualsDeclaration();
      if (!isImported && isInUnseen(binding.path)) {
        leftOut.add(name);
        continue;
      }
      if (scope.path.isProgram()) {
        if (isImported || (!isModule && !isFunctionBody) || (isModule && exported.has(name))) {
          outermost.add(name);
          continue;
        }
      }
      const uses = usesOf(binding, scope);
      if (isAmbiguous(binding) || isTwo(binding) || uses.some((path) => isBefore(path, scope.path)))
        leftOut.add(name);
      // The name of a function expression and a variable of the same name are one binding to Babel.
      const isVariable = ["param", "var", "hoisted"].includes(binding.kind);
      if (
        isVariable ||
        binding.constantViolations.some((path) => path.isFunctionDeclaration() || isVar(path))
      )
        own.add(name);
      const tree = trees.binding(binding, scope);
      tree.names.add(name);
      if (uses.some((path) => isInAnotherFunction(path, scope.path))) tree.captured.add(name);
    }
  }
  const arrowProgram = isModule || !isFunctionBody;
  for (const [path, name] of receivers) {
    const tree = receiverOf(path, trees, arrowProgram);
    tree?.captured.add(name);
  }
  for (const path of evals)
    for (const tree of trees.allAround(path)) for (const name of tree.names) tree.captured.add(name);
  return {
    scopes: { names: new Set(), captured: new Set(), inner: [trees.of(program!)] },
    free,
    functions,
    leftOut,
    outermost,
  };
}

function isUnseen({ node, listKey, parentPath }: NodePath): boolean {
  if (UNSEEN.test(node.type) || (node as { declare?: boolean | null }).declare === true) return true;
  // A parameter's, which compilers move out of the class.
  return listKey === "decorators" && !parentPath?.isClass() && parentPath?.parentPath?.isClassBody() !== true;
}

function isInUnseen(path: NodePath): boolean {
  return path.find(isUnseen) !== null;
}

function isEval(callee: t.Node): boolean {
  return callee.type === "Identifier" && callee.name === "eval";
}

/** The scopes' trees, each in that of the scope around it. */
class Trees {
  readonly #trees = new Map<t.Node, OpenTree>();
  readonly #parents = new Map<OpenTree, OpenTree>();
  readonly #classes = new Map<t.Node, [OpenTree | null, OpenTree | null]>();

  /** The tree of the scope that begins at `path`. */
  of(path: NodePath): OpenTree {
    const known = this.#trees.get(path.node);
    if (known !== undefined) return known;
    const tree = this.#add(path.isProgram() ? null : this.around(path));
    this.#trees.set(path.node, tree);
    return tree;
  }

  #add(parent: OpenTree | null): OpenTree {
    const tree: OpenTree = { names: new Set(), captured: new Set(), inner: [] };
    parent?.inner.push(tree);
    if (parent !== null) this.#parents.set(tree, parent);
    return tree;
  }

  /** The tree of the innermost scope around `path`. */
  around(path: NodePath): OpenTree {
    const parent = path.parentPath!;
    if (isInitialiser(parent, path)) return this.fields(path.isStaticBlock() ? path : parent);
    if (isOutside(parent, path)) return this.around(parent);
    return parent.isScope() || isBodyOnItsOwn(parent) ? this.of(parent) : this.around(parent);
  }

  *allAround(path: NodePath): Iterable<OpenTree> {
    for (let tree = this.around(path) as OpenTree | undefined; tree; tree = this.#parents.get(tree))
      yield tree;
  }

  /** All fields of a class are filled by one function, its static fields and blocks by another. */
  fields(member: NodePath): OpenTree {
    const owner = member.parentPath!.parentPath!;
    const known = this.#classes.get(owner.node) ?? [null, null];
    this.#classes.set(owner.node, known);
    const which = member.isStaticBlock() || (member.node as t.ClassProperty).static ? 1 : 0;
    known[which] ??= this.#add(this.of(owner));
    return known[which];
  }

  binding(binding: Binding, scope: Scope): OpenTree {
    const body = scope.path.get("body") as NodePath;
    const isOfHead = binding.path === scope.path || binding.kind === "param" || binding.kind === "local";
    return !Array.isArray(body) && isBodyOnItsOwn(body) && !isOfHead ? this.of(body) : this.of(scope.path);
  }
}

/**
 * ECMA-262: what is caught is in a scope of its own around the block's, and so are parameters if some are no plain names.
 * Babel has one scope for both.
 */
function isBodyOnItsOwn(path: NodePath): boolean {
  if (!path.isBlockStatement()) return false;
  const { parentPath: parent } = path;
  return parent.isCatchClause() || (parent.isFunction() && !isSimple(parent.node));
}

function isSimple({ params }: t.Function): boolean {
  return params.every(({ type }) => type === "Identifier" || type === "TSParameterProperty");
}

/** Whether `path` is what a field is set to, or a statement of a static block. */
function isInitialiser(parent: NodePath, path: NodePath): boolean {
  if (path.isStaticBlock()) return true;
  return /^Class(?:Private|Accessor)?Property$/.test(parent.type) && path.key === "value";
}

/**
 * Whether `path` is a part of a function or class that runs where the function or class is made, or what a loop runs over
 * or a `switch` chooses by: that is evaluated before the variables are there. (In what a loop runs over their names are in
 * the temporal dead zone: whoever reads one throws.)
 */
function isOutside(parent: NodePath, path: NodePath): boolean {
  if (parent.isForXStatement()) return path.key === "right";
  if (parent.isSwitchStatement()) return path.key === "discriminant";
  if (parent.isFunction()) return path.key === "key" || path.listKey === "decorators";
  return parent.isClass() && path.listKey === "decorators";
}

function isInAnotherFunction(use: NodePath, home: NodePath): boolean {
  for (
    let path = use;
    path !== home && path.parentPath !== home && path.parentPath !== null;
    path = path.parentPath
  ) {
    const { parentPath: parent } = path;
    if (isInitialiser(parent, path) || (parent.isFunction() && !isOutside(parent, path))) return true;
  }
  return false;
}

/** Whether Babel takes a variable of a loop or `switch` for one that is used in its head. */
function isBefore(use: NodePath, home: NodePath): boolean {
  if (!home.isForXStatement() && !home.isSwitchStatement()) return false;
  return use.find((path) => path.parentPath === home && isOutside(home, path)) !== null;
}

function isVar({ node, parent }: NodePath): boolean {
  return node.type === "VariableDeclarator" && parent.type === "VariableDeclaration" && parent.kind === "var";
}

/** Where a binding is read or written. */
function usesOf(binding: Binding, scope: Scope): NodePath[] {
  const uses = [...binding.referencePaths, ...binding.constantViolations].filter(
    (path) => !isInUnseen(path) && !path.isExportDeclaration(),
  );
  // ECMA-262: a class declaration binds its name twice, for the class itself and around it. Babel has one binding in both
  // scopes.
  if (!binding.path.isClassDeclaration()) return uses;
  const isInner = scope !== binding.scope;
  return uses.filter((path) => (path.findParent((one) => one === binding.path) !== null) === isInner);
}

/**
 * Whether Babel has one binding for what a function binds in both of its scopes: a parameter, or the function's own name, and
 * something in its body.
 */
function isTwo({ kind, scope, constantViolations }: Binding): boolean {
  if (!scope.path.isFunction() || isSimple(scope.path.node) || (kind !== "param" && kind !== "local"))
    return false;
  return constantViolations.some(
    (path) => path.isFunctionDeclaration() || (kind === "local" && path.isVariableDeclarator()),
  );
}

/**
 * ECMA-262 B.3.2: in sloppy code, a function declared in a block is a variable of the function around it, too. Babel does
 * not know of that one.
 */
function isAmbiguous({ path, constantViolations }: Binding): boolean {
  return [path, ...constantViolations].some((one) => {
    if (!one.isFunctionDeclaration() || isStrict(one)) return false;
    let holder = one.parentPath!;
    while (holder.isLabeledStatement() || holder.isExportDeclaration()) holder = holder.parentPath!;
    return !holder.isProgram() && !(holder.isBlockStatement() && holder.parentPath.isFunction());
  });
}

function isStrict(path: NodePath): boolean {
  return (
    path.findParent((one) => {
      if (one.isClass()) return true;
      if (one.isProgram() && one.node.sourceType === "module") return true;
      const { node } = one;
      const directives =
        node.type === "Program" ? node.directives : (node as { body?: t.BlockStatement }).body?.directives;
      return directives?.some(({ value }) => value.value === "use strict") === true;
    }) !== null
  );
}

/** The scope whose `this` is used by an arrow function in it; null: no arrow function is between. */
function receiverOf(use: NodePath, trees: Trees, isArrowProgram: boolean): OpenTree | null {
  let isCaptured = false;
  for (let path = use; path.parentPath !== null; path = path.parentPath) {
    const { parentPath: parent } = path;
    if (isInitialiser(parent, path))
      return isCaptured ? trees.fields(path.isStaticBlock() ? path : parent) : null;
    if (parent.isProgram()) return isCaptured && !isArrowProgram ? trees.of(parent) : null;
    if (!parent.isFunction() || isOutside(parent, path)) continue;
    if (!parent.isArrowFunctionExpression()) return isCaptured ? trees.of(parent) : null;
    isCaptured = true;
  }
  return null;
}
