import type * as t from "@babel/types";
import { Kind } from "../../vocabulary/kinds.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import type { Planner } from "./planner.ts";
import { allocationEnd, allocationStart } from "./wrapping.ts";

/** JSX is a call of the runtime, which gives a new element. */
export function planJsx(planner: Planner, node: t.JSXElement | t.JSXFragment, key: string): void {
  const isNested = key === "children" || key === "value";
  const site = planner.addSite(Kind.jsx, node, jsxSize(node));
  if (isNested) planner.edits.start(node.start!, planner.emitter.openBracket("{"));
  const { scope } = planner;
  const store = planner.calls && scope.access.framed && !isNested;
  if (store) planner.edits.start(node.start!, planner.emitter.callStart(site, scope.access));
  const wrap = allocationStart(planner, node, Member.maybeObject, site);
  planner.visitChildren(node);
  allocationEnd(planner, node, wrap);
  if (store) {
    planner.edits.end(node.end!, planner.emitter.callEnd());
    planner.forgetStored();
  }
  if (isNested) planner.edits.end(node.end!, planner.emitter.closeBracket("}"));
}

function jsxSize(node: t.JSXElement | t.JSXFragment): number {
  return node.type === "JSXElement" ? node.openingElement.attributes.length : 0;
}
