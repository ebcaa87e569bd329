import type * as t from "@babel/types";
import { isTypeOnly, type Node } from "../syntax/ast.ts";
import type { Scope } from "../syntax/open_scopes.ts";
import { addLexicalNames } from "../syntax/scope_names.ts";
import type { SurveyWalk } from "./captures.ts";
import { hoist, newFacts } from "./function_facts.ts";

/** A class has a scope of its own, and its fields are filled by functions. */
export function visitClass(walk: SurveyWalk, node: t.ClassDeclaration | t.ClassExpression): void {
  if (isTypeOnly(node)) return;
  walk.scopes.make(node);
  if (node.decorators) walk.visitEach(node.decorators);
  const names = new Set<string>();
  if (node.id) names.add(node.id.name);
  const wasStrict = walk.isStrict;
  walk.isStrict = true;
  const visit = (scope: Scope): void => {
    scope.privateNames = privateNames(node);
    if (node.superClass) walk.visit(node.superClass);
    for (const member of node.body.body) if (!isFieldOrBlock(member)) walk.visit(member);
    // All fields are filled by one function; those of the class itself by another.
    visitFields(walk, node, false);
    visitFields(walk, node, true);
  };
  walk.scopes.within(names, visit, node);
  walk.isStrict = wasStrict;
}

/** A function's body, as far as variables go. */
function visitStaticBlock(walk: SurveyWalk, block: t.StaticBlock): void {
  const facts = newFacts();
  walk.facts.set(block, facts);
  hoist(block.body, facts);
  const names = new Set<string>();
  addLexicalNames(block.body, names);
  walk.addVariables(facts, names);
  walk.within(facts, () => walk.scopes.within(names, () => walk.statements(block.body)));
}

function visitFields(
  walk: SurveyWalk,
  node: t.ClassDeclaration | t.ClassExpression,
  isStatic: boolean,
): void {
  const members = node.body.body.filter(
    (member) =>
      isFieldOrBlock(member) && isStatic === (member.type === "StaticBlock" || member.static === true),
  );
  if (members.length === 0) return;
  for (const member of members) {
    if (member.type === "StaticBlock") continue;
    if ("decorators" in member && member.decorators) walk.visitEach(member.decorators as Node[]);
    if ("computed" in member && member.computed) walk.visit(member.key);
  }
  walk.scopes.inFunction(new Set(), false, () => {
    for (const member of members) {
      if (member.type === "StaticBlock") visitStaticBlock(walk, member);
      else if ("value" in member && member.value) visitValue(walk, member.value as Node);
    }
  });
}

/** A field's initialiser is a function of its own, which has no body for a frame to stand in. */
function visitValue(walk: SurveyWalk, value: Node): void {
  walk.within(newFacts(), () => walk.visit(value));
}

function isFieldOrBlock(
  member: Node,
): member is t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty | t.StaticBlock {
  return member.type.endsWith("Property") || member.type === "StaticBlock";
}

/** `#x` is a variable of the class's scope, which every method uses. */
function privateNames(node: t.ClassDeclaration | t.ClassExpression): number {
  const isPrivate = (member: Node): boolean =>
    member.type === "ClassPrivateProperty" || member.type === "ClassPrivateMethod";
  return node.body.body.filter(isPrivate).length;
}
