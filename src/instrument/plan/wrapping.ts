// What plans of several kinds of nodes insert: around an expression that allocates, and behind a statement.
import { Kind } from "../../vocabulary/kinds.ts";
import type { AllocationLetter } from "../../vocabulary/tracker_letters.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { closureParameterOf } from "../facts/closure_site.ts";
import type { Node } from "../syntax/ast.ts";
import type { Planner } from "./planner.ts";

/** What has been opened around an allocation, and is closed by `allocationEnd`. */
export interface Wrap {
  readonly isCallee: boolean;
  readonly name: string | undefined;
}

/** Opens the wrapper around an expression that allocates: `$t$.o(7,{…},$d$)`. */
export function allocationStart(
  planner: Planner,
  node: Node,
  method: AllocationLetter,
  site: number,
  name?: string,
): Wrap {
  const { edits, emitter, scope } = planner;
  const isCallee = isLeftmostInCalleeOfNew(planner, node);
  const bracket = isCallee ? emitter.openBracket("(") : "";
  const named = name === undefined ? "" : emitter.namedStart(name);
  const called = name === undefined ? method : Member.named;
  edits.start(node.start!, bracket + emitter.allocationStart(called, site, scope.access) + named);
  return { isCallee, name };
}

/** Closes what `allocationStart` has opened. */
export function allocationEnd(planner: Planner, node: Node, { isCallee, name }: Wrap): void {
  const { edits, emitter, scope } = planner;
  const named = name === undefined ? "" : emitter.namedEnd(name);
  const bracket = isCallee ? emitter.closeBracket(")") : "";
  edits.end(node.end!, named + emitter.allocationEnd(scope.access) + bracket);
}

/** `new function(){}()`: as a call, the wrapper would take the arguments of `new` for its own. */
function isLeftmostInCalleeOfNew(planner: Planner, node: Node): boolean {
  let child = node;
  for (let i = planner.ancestors.length - 1; i >= 0; i--) {
    const parent = planner.ancestors[i];
    if (parent.type === "NewExpression") return parent.callee === child;
    const isLeft =
      (parent.type === "MemberExpression" && parent.object === child) ||
      (parent.type === "TaggedTemplateExpression" && parent.tag === child) ||
      (parent.type === "TSNonNullExpression" && parent.expression === child);
    if (!isLeft) return false;
    child = parent;
  }
  return false;
}

/** Reports what a variable holds by a statement behind the one that gives it its value. */
export function reportAfter(planner: Planner, statement: Node, kind: Kind, at: Node, name: string): void {
  const { edits, emitter, scope } = planner;
  const isDefinition = kind === Kind.closure || kind === Kind.class;
  const site = planner.addSite(kind, at, isDefinition ? closureParameterOf(planner, at) : 0);
  const report = scope.hasCompletionValue
    ? emitter.reportSilently(site, name, scope.access)
    : emitter.report(site, name, scope.access);
  edits.end(statement.end!, emitter.separator() + report);
}
