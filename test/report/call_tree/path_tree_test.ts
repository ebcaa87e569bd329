import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { PathTree } from "../../../src/report/call_tree/path_tree.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";

test("paths share what they have in common", () => {
  const tree = new PathTree();
  for (const path of [[1, 2, 3], [1, 2, 4], [1, 2, 3], [5]]) {
    tree.begin();
    for (const step of path) tree.push(step);
  }
  const { parent, step } = tree.columns();
  assertEquals(
    [[...parent], [...step]],
    [
      [-1, 0, 1, 2, 2, 0],
      [-1, 1, 2, 3, 4, 5],
    ],
  );
});

test("a tree of more calls than memory takes is refused, and nothing below that", () => {
  const tree = new PathTree(1000);
  tree.begin();
  for (let step = 0; step < 1000; step++) tree.push(step);
  assertEquals(tree.node, 1000);
  tree.begin();
  for (let step = 0; step < 1000; step++) tree.push(step);
  assertThrows(() => tree.push(7), SnapshotFormatError, "more than 1000 calls, the most that is shown");
});
