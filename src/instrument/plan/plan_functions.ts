import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import { bodyMayBecomeBlock, type FunctionFacts } from "../facts/function_facts.ts";
import { restBindings } from "../facts/rest_bindings.ts";
import { type FunctionNode, isAnonymousDefinition, type Node } from "../syntax/ast.ts";
import { functionName } from "../syntax/function_name.ts";
import type { Emitter, FrameAccess } from "../text/emit.ts";
import { ACTIVATION_SLOT } from "../text/globals.ts";
import { namedByPlace } from "./named_by_place.ts";
import { type FunctionScope, type Planner, unframed } from "./planner.ts";
import { allocationEnd, allocationStart } from "./wrapping.ts";

type FrameKind = "none" | "sync" | "activation";

/** A function or arrow expression: a closure, wrapped where that does not cost it its name. */
export function planFunctionExpression(
  planner: Planner,
  node: t.FunctionExpression | t.ArrowFunctionExpression,
): void {
  const named = isAnonymousDefinition(node) ? namedByPlace(planner, node) : null;
  if (named?.how === "elsewhere") {
    planFunction(planner, node);
    return;
  }
  const site = planner.addSite(Kind.closure, node, closureParameterOf(planner, node));
  const wrap = allocationStart(planner, node, Member.object, site, named?.name);
  const isCalledAtOnce = named === null && isLikelyCalledAtOnce(planner, node);
  const { edits, emitter } = planner;
  if (isCalledAtOnce) edits.start(node.start!, emitter.openBracket("("));
  planFunction(planner, node);
  if (isCalledAtOnce) edits.end(node.end!, emitter.closeBracket(")"));
  allocationEnd(planner, node, wrap);
}

/**
 * `(function(){…})()`: engines compile a function behind a bracket at once. Without one, they would read it twice, and a
 * bundle is one such function: TypeScript takes 0.7 s to load, not 1.2, and 40 MB less.
 */
function isLikelyCalledAtOnce({ parent }: Planner, node: Node): boolean {
  return (
    parent.type === "ParenthesizedExpression" || (parent.type === "CallExpression" && parent.callee === node)
  );
}

/** The inside of a function: its frame, its parameters, its body. */
export function planFunction(planner: Planner, node: FunctionNode): void {
  if (node.body == null || isAsm(node)) return;
  if (planner.functionDepth === MOST_NESTED) return;
  planner.functionDepth++;
  planFramedFunction(planner, node);
  planner.functionDepth--;
}

/**
 * Functions within so many others are left as they are: with a block and a `finally` around each body engines run out of stack
 * while they parse (V8 at 300 levels, where the original goes to 600).
 */
const MOST_NESTED = 32;

function planFramedFunction(planner: Planner, node: FunctionNode): void {
  planComputedKey(planner, node);
  const outer = planner.scope;
  const place = planner.place(node);
  const functionIndex = planner.sites.addFunction(
    functionName(node, planner.ancestors, planner.origins.nameOf),
    place.line,
    place.file,
  );
  const facts = planner.facts.get(node)!;
  const kind = frameKind(planner, node, facts);
  const isHoisted = node.type === "FunctionDeclaration" && isModuleLevel(planner);
  const guarded = outer.access.guarded || isHoisted;
  const outside: FunctionScope = { ...unframed(planner), functionIndex };
  planner.within(outside, () => planner.noteFunction(node));
  planner.noteEnd(node);
  const parameterScope = { ...outside, access: { ...outside.access, guarded } };
  planner.within(parameterScope, () => planner.visitUnder(node, "params"));
  const bodyScope: FunctionScope = {
    access: frameAccess(planner.emitter, kind, guarded),
    functionIndex,
    isActivation: kind === "activation",
    awaitsReturn: kind === "activation" && node.async === true && node.generator === true,
    hasCompletionValue: false,
    storedLine: -1,
    pending: null,
  };
  planner.within(bodyScope, () => {
    planner.ancestors.push(node);
    if (node.body.type === "BlockStatement") planBody(planner, node, node.body, kind, guarded);
    else planExpressionBody(planner, node, node.body, kind, guarded);
    planner.ancestors.pop();
  });
}

/** A key belongs to the code around the method. */
function planComputedKey(planner: Planner, node: FunctionNode): void {
  if ("decorators" in node) planner.visitUnder(node, "decorators");
  if ("computed" in node && node.computed) planner.visitUnder(node, "key");
}

function isModuleLevel(planner: Planner): boolean {
  const { ancestors } = planner;
  const program = ancestors[0] as t.Program;
  if (program.sourceType !== "module") return false;
  for (let i = 1; i < ancestors.length; i++) if (!ancestors[i].type.startsWith("Export")) return false;
  let imports = importing.get(program);
  if (imports === undefined) importing.set(program, (imports = program.body.some(isImport)));
  return imports;
}

/** A file's functions all ask, and the file can be long. */
const importing = new WeakMap<t.Program, boolean>();

/** Only a module that has other modules loaded can be in a cycle with them. */
function isImport(statement: Node): boolean {
  return (
    statement.type === "ImportDeclaration" ||
    statement.type === "ExportAllDeclaration" ||
    (statement.type === "ExportNamedDeclaration" && statement.source != null)
  );
}

function isAsm(node: FunctionNode): boolean {
  return (
    node.body.type === "BlockStatement" && node.body.directives.some(({ value }) => value.value === "use asm")
  );
}

function frameKind(planner: Planner, node: FunctionNode, facts: FunctionFacts): FrameKind {
  const suspends = facts.awaits || facts.yields;
  const needsFrame = planner.calls ? facts.calls || suspends : facts.callsBuiltin;
  if (!needsFrame || facts.isUnframeable) return "none";
  if (!bodyMayBecomeBlock(facts) || isConstructorThatTypeScriptRewrites(planner, node)) return "none";
  return suspends || node.generator ? "activation" : "sync";
}

/**
 * TypeScript compilers put assignments of parameter properties and fields behind `super()`, which they look for among
 * the statements of the body itself: it must not move into a block.
 */
function isConstructorThatTypeScriptRewrites(planner: Planner, node: FunctionNode): boolean {
  if (!planner.isTypeScript || node.type !== "ClassMethod" || node.kind !== "constructor") return false;
  if (node.params.some((parameter) => parameter.type === "TSParameterProperty")) return true;
  const owner = planner.ancestors[planner.ancestors.length - 1] as t.ClassBody;
  const definition = planner.ancestors[planner.ancestors.length - 2] as t.ClassDeclaration;
  return definition.superClass != null && owner.body.some((member) => member.type.endsWith("Property"));
}

export function frameAccess(emitter: Emitter, kind: FrameKind, guarded: boolean): FrameAccess {
  const { depth, activation, noSlot } = emitter.names;
  if (kind === "sync") return { slot: depth, framed: true, isLazy: true, guarded: false };
  if (kind === "activation")
    return { slot: `${activation}.${ACTIVATION_SLOT}`, framed: true, isLazy: false, guarded: false };
  return { slot: noSlot, framed: false, isLazy: false, guarded };
}

function planBody(
  planner: Planner,
  node: FunctionNode,
  body: t.BlockStatement,
  kind: FrameKind,
  guarded: boolean,
): void {
  const { edits, emitter } = planner;
  const start = bodyStart(body);
  const separator = body.directives.length > 0 ? emitter.separator() : "";
  if (kind !== "none") edits.start(start, separator + enter(planner, node, kind, guarded));
  reportRestParameters(planner, node, (text) =>
    edits.start(start, kind === "none" ? separator + text : text),
  );
  reportDeclaredFunctions(planner, body, start, kind === "none" ? separator : "");
  planner.visitStatements(body, body.body, body.directives.length > 0);
  if (kind === "none") return;
  edits.end(body.end! - 1, kind === "activation" ? emitter.leaveActivation() : emitter.leave());
}

/** After the directives, which have to stay first, else after the brace. */
function bodyStart(body: t.BlockStatement): number {
  const { directives } = body;
  return directives.length > 0 ? directives[directives.length - 1].end! : body.start! + 1;
}

function enter(planner: Planner, node: FunctionNode, kind: "sync" | "activation", guarded: boolean): string {
  if (kind === "sync") return planner.emitter.enter(guarded);
  const site = planner.addSite(Kind.entry, node);
  const plain = node.async ? Member.enterAsync : Member.enterGenerator;
  const method = node.generator && node.async ? Member.enterAsyncGenerator : plain;
  return planner.emitter.enterActivation(method, site, guarded);
}

function planExpressionBody(
  planner: Planner,
  node: FunctionNode,
  body: Node,
  kind: FrameKind,
  guarded: boolean,
): void {
  const { edits, emitter } = planner;
  let reports = "";
  reportRestParameters(planner, node, (text) => {
    reports += text;
  });
  if (kind === "none" && reports === "") {
    planner.visitChild(node, body, "body");
    return;
  }
  const frame = kind === "none" ? "" : enter(planner, node, kind, guarded);
  edits.start(body.start!, emitter.arrowStart() + frame + reports + emitter.arrowReturn());
  planner.visitChild(node, body, "body");
  let leave = "";
  if (kind === "sync") leave = emitter.leave();
  else if (kind === "activation") leave = emitter.leaveActivation();
  edits.end(body.end!, leave + emitter.arrowEnd());
}

/** A rest parameter is a new array, and a rest property a new object, each time the function is called. */
function reportRestParameters(planner: Planner, node: FunctionNode, insert: (text: string) => void): void {
  for (const parameter of node.params) {
    for (const { name, kind, at } of restBindings(parameter)) {
      const site = planner.addSite(kind, at);
      insert(planner.emitter.report(site, name, planner.scope.access));
    }
  }
}

/** Functions declared in a block (or body) are made when it is entered; there they are reported, under their names. */
export function reportDeclaredFunctions(
  planner: Planner,
  block: { body: readonly Node[] },
  position: number,
  separator = "",
): void {
  const seen = new Set<string>();
  let prefix = separator;
  for (const statement of block.body) {
    const declaration = declaredFunction(statement);
    if (declaration?.id == null || seen.has(declaration.id.name)) continue;
    seen.add(declaration.id.name);
    const site = planner.addSite(Kind.closure, declaration, closureParameterOf(planner, declaration));
    const { emitter, scope } = planner;
    const text = scope.hasCompletionValue
      ? emitter.reportSilently(site, declaration.id.name, scope.access)
      : emitter.report(site, declaration.id.name, scope.access);
    planner.edits.start(position, prefix + text);
    prefix = "";
  }
}

function declaredFunction(statement: Node): t.FunctionDeclaration | null {
  if (statement.type === "FunctionDeclaration") return statement.declare ? null : statement;
  if (statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration") {
    return statement.declaration ? declaredFunction(statement.declaration) : null;
  }
  return null;
}

/** A `catch` or `finally` block: it can be entered from any depth, and in generators while suspended. */
export function planHandler(planner: Planner, node: t.CatchClause | t.BlockStatement): void {
  const { scope } = planner;
  const block = node.type === "CatchClause" ? node.body : node;
  if (node.type === "CatchClause" && node.param) {
    planner.forgetStored();
    planner.visitUnder(node, "param");
  }
  if (scope.access.framed) {
    const { emitter } = planner;
    const reset = scope.hasCompletionValue
      ? emitter.resetDepthSilently()
      : emitter.resetDepth(scope.isActivation, scope.access);
    planner.edits.start(block.start! + 1, reset);
  }
  planner.ancestors.push(node);
  reportDeclaredFunctions(planner, block, block.start! + 1);
  planner.visitStatements(block, block.body);
  planner.ancestors.pop();
}
