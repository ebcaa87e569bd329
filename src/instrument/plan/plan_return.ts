import type * as t from "@babel/types";
import { isFunction, type Node, unwrap } from "../syntax/ast.ts";
import { functionName } from "../syntax/function_name.ts";
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
  const instance = replacedInstance(planner, node, at);
  if (instance === null) return null;
  return { open: emitter.replaceInstanceStart(scope.access), close: emitter.replaceInstanceEnd(instance) };
}

/** Where the function stands among the ancestors; -1: the module's own code. */
function innermostFunction({ ancestors }: Planner): number {
  return ancestors.findLastIndex(isFunction);
}

/**
 * What a constructor's own object is called, where it may give another one, which has been counted on a line of its own:
 * `new` must not count that again. Null where it gives none.
 */
function replacedInstance(
  planner: Planner,
  { argument }: t.ReturnStatement,
  at: number,
): "this" | "void 0" | null {
  if (!argument) return null;
  const value = unwrap(argument);
  // The name is looked for last.
  if (GIVES_NO_OTHER_OBJECT.has(value.type) || !isConstructor(planner, at)) return null;
  if (!isDerived(planner, at)) return "this";
  // There may be no `this` yet, so that only what is sure to be another object can be taken for one.
  return HAS_BEEN_MADE.has(value.type) || holdsNew(planner, value, at) ? "void 0" : null;
}

/** `this`, or what is no object; and JSX, which components give that are not called with `new`. */
const GIVES_NO_OTHER_OBJECT: ReadonlySet<string> = new Set([
  "BigIntLiteral",
  "BinaryExpression",
  "BooleanLiteral",
  "JSXElement",
  "JSXFragment",
  "NullLiteral",
  "NumericLiteral",
  "StringLiteral",
  "TemplateLiteral",
  "ThisExpression",
  "UnaryExpression",
  "UpdateExpression",
]);

const MAKES_OBJECT: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "ArrowFunctionExpression",
  "FunctionExpression",
  "NewExpression",
  "ObjectExpression",
]);

const HAS_BEEN_MADE: ReadonlySet<string> = new Set([...MAKES_OBJECT, "CallExpression", "MemberExpression"]);

/**
 * Functions that are written to be called with `new` have names with a capital, or the file has a `new` with them. Of one or two letters
 * half of a minified file's are: a call at each of their returns, 227,000 in 10 ms of prettier.
 */
function isConstructor({ ancestors, constructed }: Planner, at: number): boolean {
  const node = ancestors[at];
  if (node.type === "ClassMethod") return node.kind === "constructor";
  if (node.type !== "FunctionDeclaration" && node.type !== "FunctionExpression") return false;
  if (node.async || node.generator) return false;
  const name = functionName(node, ancestors.slice(0, at));
  const own = name.slice(name.lastIndexOf(".") + 1);
  return /^\p{Lu}../u.test(own) || constructed.has(own);
}

/** A class's constructor stands in its body, and that in the class. */
function isDerived({ ancestors }: Planner, at: number): boolean {
  const owner = ancestors[at - 2];
  return ancestors[at].type === "ClassMethod" && (owner as t.Class).superClass != null;
}

/** Whether a name is that of a constant of the function's own block that holds what its line has made. */
function holdsNew({ ancestors }: Planner, value: Node, at: number): boolean {
  const body = ancestors[at + 1];
  // In a block within it, the name could be another's.
  if (value.type !== "Identifier" || at + 2 !== ancestors.length || body.type !== "BlockStatement")
    return false;
  return body.body.some(
    (statement) =>
      statement.type === "VariableDeclaration" &&
      statement.kind === "const" &&
      statement.declarations.some(
        ({ id, init }) =>
          id.type === "Identifier" && id.name === value.name && init && MAKES_OBJECT.has(unwrap(init).type),
      ),
  );
}
