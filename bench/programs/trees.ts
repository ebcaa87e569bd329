// Binary trees: nothing but allocation and calls, the worst case.
import type { Iteration } from "./program.ts";

interface Tree {
  left: Tree | null;
  right: Tree | null;
}

function make(depth: number): Tree {
  return depth === 0 ? { left: null, right: null } : { left: make(depth - 1), right: make(depth - 1) };
}

function check(tree: Tree): number {
  return tree.left === null || tree.right === null ? 1 : 1 + check(tree.left) + check(tree.right);
}

export function prepare(): Iteration {
  return () => check(make(15));
}
