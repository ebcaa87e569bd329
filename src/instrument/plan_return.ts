import type * as t from "@babel/types";
import { isFunction, type Node, unwrap } from "./ast.ts";
import { functionName } from "./function_name.ts";
import type { Planner } from "./planner.ts";

/** What stands around the argument of a `return`. */
interface Around {
  readonly open: string;
  readonly close: string;
}

/** CommonJS allows `return` outside functions; the module's frame ends there. */
export function planReturn(planner: Planner, node: t.ReturnStatement): void {
  const { scope, edits, emitter } = planner;
  const around = whatStandsAround(planner, node);
  const { argument } = node;
  if (around !== null && argument) {
    // As an argument, `a, b` would be two.
    const isSequence = argument.type === "SequenceExpression";
    edits.start(argument.start!, around.open + (isSequence ? emitter.openBracket("(") : ""));
    planner.visitUnder(node, "argument");
    edits.end(argument.end!, (isSequence ? emitter.closeBracket(")") : "") + around.close);
    return;
  }
  planner.visitUnder(node, "argument");
  if (scope.access.framed && innermostFunction(planner) === -1)
    edits.end(node.start! + "return".length, emitter.leaveModuleWithout());
}

function whatStandsAround(planner: Planner, node: t.ReturnStatement): Around | null {
  const { scope, emitter } = planner;
  if (scope.awaitsReturn) return { open: emitter.suspendStart(), close: emitter.suspendEnd() };
  const at = innermostFunction(planner);
  if (at === -1)
    return scope.access.framed ? { open: emitter.leaveModuleStart(), close: emitter.leaveModuleEnd() } : null;
  if (!replacesInstance(planner, node, at)) return null;
  return { open: emitter.replaceInstanceStart(scope.access), close: emitter.replaceInstanceEnd() };
}

/** Where the function stands among the ancestors; -1: the module's own code. */
function innermostFunction({ ancestors }: Planner): number {
  return ancestors.findLastIndex(isFunction);
}

/**
 * A constructor that gives another object than its own, which is counted on a line of its own: `new` must not count it
 * again. Only what is sure to have been counted: a literal, another `new`, or a constant that holds one.
 */
function replacesInstance({ ancestors }: Planner, { argument }: t.ReturnStatement, at: number): boolean {
  if (!argument) return false;
  const value = unwrap(argument);
  const body = ancestors[at + 1];
  // A constant of the function's own block; one of a block within it could be another of that name.
  const mayHold =
    value.type === "Identifier" && at + 2 === ancestors.length && body.type === "BlockStatement";
  const isCounted = MAKES_OBJECT.has(value.type) || (mayHold && holdsNew(body, value.name));
  // Asked last, as it looks for the function's name.
  return isCounted && isConstructor(ancestors[at], ancestors.slice(0, at));
}

const MAKES_OBJECT: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "ArrowFunctionExpression",
  "FunctionExpression",
  "NewExpression",
  "ObjectExpression",
]);

/** Functions that are written to be called with `new` have names with a capital. */
function isConstructor(node: Node, ancestors: readonly Node[]): boolean {
  if (node.type === "ClassMethod") return node.kind === "constructor";
  if (node.type !== "FunctionDeclaration" && node.type !== "FunctionExpression") return false;
  return !node.async && !node.generator && /^\p{Lu}/u.test(functionName(node, ancestors));
}

function holdsNew({ body }: t.BlockStatement, name: string): boolean {
  return body.some(
    (statement) =>
      statement.type === "VariableDeclaration" &&
      statement.kind === "const" &&
      statement.declarations.some(
        ({ id, init }) =>
          id.type === "Identifier" && id.name === name && init && MAKES_OBJECT.has(unwrap(init).type),
      ),
  );
}
