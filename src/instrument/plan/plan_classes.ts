import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import { isAnonymousDefinition } from "../syntax/ast.ts";
import { namedByPlace } from "./named_by_place.ts";
import { type Planner, unframed } from "./planner.ts";
import { allocationEnd, allocationStart, reportAfter } from "./wrapping.ts";

export function planClass(planner: Planner, node: t.ClassDeclaration | t.ClassExpression): void {
  planner.noteClass(node);
  if (node.type === "ClassDeclaration") {
    planner.visitChildren(node);
    if (node.id && !node.declare) reportAfter(planner, node, Kind.class, node, node.id.name);
    return;
  }
  const named = isAnonymousDefinition(node) ? namedByPlace(planner, node) : null;
  if (named?.how === "elsewhere") {
    planner.visitChildren(node);
    return;
  }
  const site = planner.addSite(Kind.class, node, closureParameterOf(planner, node));
  const wrap = allocationStart(
    planner,
    node,
    Member.object,
    site,
    named?.how === "property" ? named.name : undefined,
  );
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
}

/** A field's initialiser runs as a function of its own, for each instance. */
export function planField(
  planner: Planner,
  node: t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty,
): void {
  planner.visitUnder(node, "decorators");
  planner.noteFunction(node);
  if (node.type !== "ClassPrivateProperty" && node.computed) planner.visitUnder(node, "key");
  const { edits, source } = planner;
  const before = edits.endCount;
  planner.within(unframed(planner), () => planner.visitUnder(node, "value"));
  // `x = () => {}` can do without its semicolon before `*gen() {}`, `[key]` and `in`; with a wrapper it cannot.
  if (source[node.end! - 1] !== ";" && edits.endsAt(node.end!, before)) {
    edits.end(node.end!, planner.emitter.separator());
  }
}
