import type * as t from "@babel/types";
import { isFunction } from "./ast.ts";
import type { Planner } from "./planner.ts";

/** CommonJS allows `return` outside functions; the module's frame ends there. */
export function planReturn(planner: Planner, node: t.ReturnStatement): void {
  const { scope, edits, emitter } = planner;
  if (scope.awaitsReturn && node.argument) {
    edits.start(node.argument.start!, emitter.suspendStart());
    planner.visitUnder(node, "argument");
    edits.end(node.argument.end!, emitter.suspendEnd());
    return;
  }
  const endsModule = scope.access.framed && !planner.ancestors.some(isFunction);
  if (endsModule && node.argument) edits.start(node.argument.start!, emitter.leaveModuleStart());
  planner.visitUnder(node, "argument");
  if (!endsModule) return;
  if (node.argument) edits.end(node.argument.end!, emitter.leaveModuleEnd());
  else edits.end(node.start! + "return".length, emitter.leaveModuleWithout());
}
