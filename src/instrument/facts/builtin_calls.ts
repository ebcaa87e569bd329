import { DEFERRED_FUNCTIONS, FUNCTIONS } from "../../sites/builtin_tables.ts";
import { RESOURCE_NAMES } from "../../sites/resource_names.ts";
import { type Node, unwrap } from "../syntax/ast.ts";

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

const BUILTIN_NAMES: ReadonlySet<string> = new Set([
  ...[...FUNCTIONS, ...DEFERRED_FUNCTIONS].flatMap(({ names }) => names),
  ...RESOURCE_NAMES,
]);

/**
 * Whether the call may be of a built-in function that allocates, or asks for a timer or a listener, by its name. These are the calls that are recorded where
 * one frame is wanted: what they make is charged to the line that calls them.
 *
 * @param aliases Other names that the file has for them.
 */
export function isBuiltinCall(node: Node, aliases: ReadonlySet<string>): boolean {
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return false;
  const { callee } = node;
  if (callee.type === "Identifier") return BUILTIN_NAMES.has(callee.name) || aliases.has(callee.name);
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return false;
  return !callee.computed && callee.property.type === "Identifier" && BUILTIN_NAMES.has(callee.property.name);
}

/** Whether the callee of a call makes it a direct `eval`, which sees all variables around it. */
export function isEval(callee: Node): boolean {
  const inner = unwrap(callee);
  return inner.type === "Identifier" && inner.name === "eval";
}
