// Browser compatible.
import type { ViewTree } from "./view_tree.ts";

/** A box of the flame graph. */
export interface Box {
  /** Node of the tree, or -1: several that are too small to be drawn one by one. */
  readonly node: number;
  readonly level: number;
  /** Place and width as shares of the whole, 0 to 1. */
  readonly x: number;
  readonly width: number;
  /** How many nodes are in a box without a node; else 0. */
  readonly smaller: number;
}

/** What is narrower than this is not drawn: about a pixel. */
const LEAST_WIDTH = 0.001;
const MOST_BOXES = 2500;
/** Levels above and below the zoomed one: nobody scrolls through more, and a click goes on from there. */
const MOST_LEVELS = 500;

/** The boxes of a tree where one node is as wide as the whole: it, its callers, and what of its callees can be seen. */
export function flameLayout(tree: ViewTree, zoomed: number): Box[] {
  for (let least = LEAST_WIDTH; ; least *= 2) {
    const boxes = layout(tree, zoomed, least);
    if (boxes !== null) return boxes;
  }
}

function layout(tree: ViewTree, zoomed: number, least: number): Box[] | null {
  const boxes: Box[] = [];
  const callers: number[] = [];
  for (let at = zoomed; at !== 0; at = tree.parent[at]) {
    if (callers.length < MOST_LEVELS || tree.parent[at] === 0) callers.push(tree.parent[at]);
  }
  for (const node of callers.reverse()) {
    boxes.push({ node, level: boxes.length, x: 0, width: 1, smaller: 0 });
  }
  const whole = tree.width[zoomed];
  boxes.push({ node: zoomed, level: boxes.length, x: 0, width: 1, smaller: 0 });
  const deepest = boxes.length + MOST_LEVELS;
  // The list grows while it is walked: level by level.
  for (let i = boxes.length - 1; i < boxes.length && whole > 0; i++) {
    if (boxes.length > MOST_BOXES && least < 0.5) return null;
    if (boxes[i].node !== -1 && boxes[i].level < deepest)
      addChildren(boxes, tree, { box: boxes[i], whole, least });
  }
  return boxes;
}

function addChildren(
  boxes: Box[],
  tree: ViewTree,
  { box, whole, least }: { box: Box; whole: number; least: number },
): void {
  const { node, level } = box;
  const children = tree.children.of(node);
  let x = box.x;
  for (let at = 0; at < children.length; at++) {
    const child = children[at];
    const width = tree.width[child] / whole;
    if (width <= 0) return;
    if (width < least) {
      // The widest come first: the others are no wider.
      let others = 0;
      for (let next = at; next < children.length; next++) others += tree.width[children[next]];
      const share = others / whole;
      if (share >= least)
        boxes.push({ node: -1, level: level + 1, x, width: share, smaller: children.length - at });
      return;
    }
    boxes.push({ node: child, level: level + 1, x, width, smaller: 0 });
    x += width;
  }
}
