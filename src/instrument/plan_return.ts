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
  if (endsModule(planner) && scope.access.framed)
    edits.end(node.start! + "return".length, emitter.leaveModuleWithout());
}

function whatStandsAround(planner: Planner, node: t.ReturnStatement): Around | null {
  const { scope, emitter } = planner;
  if (scope.awaitsReturn) return { open: emitter.suspendStart(), close: emitter.suspendEnd() };
  if (endsModule(planner))
    return scope.access.framed ? { open: emitter.leaveModuleStart(), close: emitter.leaveModuleEnd() } : null;
  if (!replacesInstance(planner, node)) return null;
  return { open: emitter.replaceInstanceStart(scope.access), close: emitter.replaceInstanceEnd() };
}

function endsModule({ ancestors }: Planner): boolean {
  return !ancestors.some(isFunction);
}

/**
 * A constructor that gives another object than its own, which is counted on a line of its own: `new` must not count it
 * again. Only what is sure to have been counted: a literal, another `new`, or a constant that holds one.
 */
function replacesInstance({ ancestors }: Planner, { argument }: t.ReturnStatement): boolean {
  const at = ancestors.findLastIndex(isFunction);
  if (!argument || !isConstructor(ancestors[at], ancestors.slice(0, at))) return false;
  const value = unwrap(argument);
  if (MAKES_OBJECT.has(value.type)) return true;
  const body = ancestors[at + 1];
  const isOutermost = at + 2 === ancestors.length;
  return (
    value.type === "Identifier" && isOutermost && body.type === "BlockStatement" && holdsNew(body, value.name)
  );
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
