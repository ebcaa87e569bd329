import type * as t from "@babel/types";
import { GETS_PROPERTIES, IS_CONSTRUCTED, SHOWS_PROTOTYPE } from "../../sites/closure_parameter.ts";
import { type Node, unwrap } from "../syntax/ast.ts";
import type { OpenScopes } from "../syntax/open_scopes.ts";
import type { SurveyWalk } from "./captures.ts";

/** Notes that a variable holds the function that it is given. */
export function holdFunction(name: string, value: Node, scopes: OpenScopes): void {
  let made = value;
  // `var F = module.exports = function () {}`
  while (made.type === "AssignmentExpression") made = made.right;
  if (made.type === "FunctionExpression") scopes.hold(name, made);
}

/** Notes that what a variable holds gets a property (`f.x = …`), or the variable a function. */
export function noteAssigned({ left, right }: t.AssignmentExpression, scopes: OpenScopes): void {
  if (left.type === "Identifier") holdFunction(left.name, right, scopes);
  else if (left.type === "MemberExpression" && left.object.type === "Identifier")
    scopes.noteUse(left.object.name, GETS_PROPERTIES);
}

/** Notes what a callee of `new` is called, and that what a variable of this name holds is a constructor. */
export function noteNew({ callee }: t.NewExpression, { constructed, scopes }: SurveyWalk): void {
  const name =
    callee.type === "MemberExpression" && !callee.computed ? unwrap(callee.property) : unwrap(callee);
  if (name.type !== "Identifier") return;
  constructed.add(name.name);
  if (callee.type === "Identifier") scopes.noteUse(name.name, IS_CONSTRUCTED);
}

/** Notes that somebody asks for a `prototype`, of which the engine makes one then. */
export function notePrototype({ object, property, computed }: t.MemberExpression, scopes: OpenScopes): void {
  if (computed || object.type !== "Identifier") return;
  if (property.type === "Identifier" && property.name === "prototype")
    scopes.noteUse(object.name, SHOWS_PROTOTYPE);
}

/** `<A.b/>` uses `A`. */
export function useComponent(scopes: OpenScopes, name: t.JSXOpeningElement["name"]): void {
  let root: Node = name;
  while (root.type === "JSXMemberExpression") root = root.object;
  if (root.type !== "JSXIdentifier") return;
  // `<a>` and `<a-b>` are elements of the page, not variables; `<a.b>` is one's property.
  if (root !== name || !/^[a-z]|-/.test(root.name)) scopes.use(root.name);
}
