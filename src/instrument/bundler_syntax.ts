import type * as t from "@babel/types";
import type { Node } from "./ast.ts";

/**
 * Whether a bundler reads this argument from the text, without running it: then it has to stay as it is written.
 *
 * `new URL("./a.png", import.meta.url)`, `new Worker(new URL(…), { type: "module" })`, `import.meta.glob("./*.js", {…})`
 * (Vite), `require("./" + name)` and its like (webpack makes a context of them), `define(["a"], …)` (AMD).
 */
export function isReadByBundlers(
  call: t.CallExpression | t.NewExpression | t.OptionalCallExpression,
  argument: Node,
): boolean {
  const { callee } = call;
  if (call.type === "NewExpression") {
    if (isModuleUrl(call)) return true;
    return isNamed(callee, ["Worker", "SharedWorker"]) && isModuleUrl(call.arguments[0]);
  }
  if (isNamed(callee, ["define"])) return argument.type === "ArrayExpression";
  if (isNamed(callee, ["require"])) return true;
  if (callee.type !== "MemberExpression") return false;
  return callee.object.type === "MetaProperty" || isNamed(callee.object, ["require"]);
}

/** `new URL(…, import.meta.url)` */
export function isModuleUrl(node: Node | undefined): boolean {
  if (node?.type !== "NewExpression" || !isNamed(node.callee, ["URL"])) return false;
  const base = node.arguments[1];
  return (
    base?.type === "MemberExpression" &&
    base.object.type === "MetaProperty" &&
    base.property.type === "Identifier" &&
    base.property.name === "url"
  );
}

function isNamed(node: Node, names: readonly string[]): boolean {
  return node.type === "Identifier" && names.includes(node.name);
}
