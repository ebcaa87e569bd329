import type * as t from "@babel/types";
import type { Node } from "./ast.ts";

/**
 * Whether a bundler reads this argument from the text, without running it: then it has to stay as it is written.
 *
 * `new URL("./a.png", import.meta.url)`, `new Worker(new URL(…), { type: "module" })`, `import.meta.glob("./*.js", {…})`
 * (Vite), `import.meta.hot.accept(["./a.js"], …)`, `require("./" + name)` and its like (webpack makes a context of them),
 * `define(["a"], …)` (AMD).
 */
export function isReadByBundlers(
  call: t.CallExpression | t.NewExpression | t.OptionalCallExpression,
  argument: Node,
): boolean {
  const { callee } = call;
  if (call.type === "NewExpression") {
    if (isModuleUrl(call)) return true;
    return isNamed(callee, "Worker", "SharedWorker") && isModuleUrl(call.arguments[0]);
  }
  if (isNamed(callee, "define")) return argument.type === "ArrayExpression";
  if (isNamed(callee, "require")) return true;
  if (callee.type !== "MemberExpression") return false;
  return isOfModule(callee.object) || isNamed(callee.object, "require");
}

/** `import.meta`, `import.meta.hot`, `import.meta.webpackHot`, `module.hot` */
function isOfModule(node: Node): boolean {
  if (node.type === "MetaProperty") return true;
  if (node.type !== "MemberExpression") return false;
  if (node.object.type === "MetaProperty") return true;
  return isNamed(node.object, "module") && isNamed(node.property, "hot");
}

const HOISTED: Readonly<Record<string, ReadonlySet<string>>> = {
  jest: new Set(["mock", "unmock", "deepUnmock", "enableAutomock", "disableAutomock"]),
  vi: new Set(["mock", "unmock", "hoisted"]),
  vitest: new Set(["mock", "unmock", "hoisted"]),
};

/**
 * Whether Jest or Vitest moves this call above the imports (`jest.mock("./a", () => …)`): there, nothing that the header
 * declares has its value yet, and Jest refuses factories that use names from outside.
 */
export function isHoistedByTestRunners(node: Node): boolean {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  if (property.type !== "Identifier") return false;
  // The calls can be chained.
  if (object.type === "CallExpression") return isHoistedByTestRunners(object);
  return (
    object.type === "Identifier" &&
    Object.hasOwn(HOISTED, object.name) &&
    HOISTED[object.name]!.has(property.name)
  );
}

/** `new URL(…, import.meta.url)` */
export function isModuleUrl(node: Node | undefined): boolean {
  if (node?.type !== "NewExpression" || !isNamed(node.callee, "URL")) return false;
  const base = node.arguments[1];
  return (
    base?.type === "MemberExpression" &&
    base.object.type === "MetaProperty" &&
    base.property.type === "Identifier" &&
    base.property.name === "url"
  );
}

function isNamed(node: Node, name: string, other: string = name): boolean {
  return node.type === "Identifier" && (node.name === name || node.name === other);
}
