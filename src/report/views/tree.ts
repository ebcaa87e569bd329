// Browser compatible.

import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { compareCodePoints } from "../../tables/code_points.ts";
import { type CallTree, callTree } from "../call_tree/call_tree.ts";
import { childrenOf } from "../call_tree/children.ts";
import { MEASURES, type Measure } from "./measure.ts";
import type { KindCount } from "./resource_counts.ts";
import { totalKinds } from "./total_kinds.ts";
import { filtered, type Selection } from "./view.ts";

/** What a tree shows. */
export interface TreeOptions extends Selection {
  readonly measure: Measure;
  /** The share of the whole below which a branch is hidden, 0 to 1. */
  readonly min: number;
  /** How many calls deep the tree is shown. */
  readonly depth: number;
  /** Whether the lines that allocate come first, and their callers below them. */
  readonly inverted: boolean;
  /** How many nodes to list at most. Default: `MAX_NODES`. */
  readonly most?: number;
}

/** A line on the way to allocations. Sizes in bytes; all figures but those of `self` are with what it called. */
export interface TreeNode {
  readonly id: number;
  /** The node that called it; with `--invert`, that it called. -1: none. */
  readonly parent: number;
  readonly depth: number;
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
  readonly size: number;
  readonly count: number;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
  /** The share of the whole, 0 to 1, by the tree's measure. */
  readonly share: number;
  /** What it allocated itself, by the tree's measure. */
  readonly self: number;
  /** Its branches that are too small to show, or too deep. */
  readonly hidden: HiddenBranches;
}

/** What is not shown of a node. */
export interface HiddenBranches {
  readonly branches: number;
  /** By the tree's measure. */
  readonly total: number;
}

/** What `tracemalloc tree --json` prints. */
export interface TreeReport {
  readonly measure: Measure;
  readonly min: number;
  readonly inverted: boolean;
  /** By the tree's measure. */
  readonly total: number;
  readonly size: number;
  readonly count: number;
  /** The blocks alive by kind; absent: all are memory, or of one domain that was chosen. */
  readonly kinds?: readonly KindCount[];
  /** Each node before its branches, the largest branch first. */
  readonly nodes: readonly TreeNode[];
  /** What is hidden below the root. */
  readonly hidden: HiddenBranches;
  /** All that is hidden, wherever in the tree. */
  readonly hiddenInAll: HiddenBranches;
}

/** More nodes than anybody reads; a list of all would take gigabytes where paths are very deep or many. */
export const MAX_NODES: number = 2 ** 18;

/** The call tree without its small branches, and with no more nodes than `most`. */
export function treeReport(snapshot: Snapshot, options: TreeOptions): TreeReport {
  const { measure, min, depth: maxDepth, inverted, most = MAX_NODES } = options;
  const shown = filtered(snapshot, options);
  const tree = callTree(shown.columns, { inverted });
  const kinds = options.domain === undefined ? totalKinds(shown) : null;
  const total = tree.total[MEASURES[measure].column];
  const self = tree.self[MEASURES[measure].column];
  const visible = visibleChildren(tree, total, Math.max(total[0] * min, Number.MIN_VALUE));
  const nodes: TreeNode[] = [];
  const top = firstOf(visible(0), most, total);
  // A list in place of a recursion: paths may be 65,535 calls deep.
  const open: [node: number, parent: number, depth: number][] = top.shown
    .map((node) => [node, -1, 0])
    .reverse() as [number, number, number][];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, parent, depth] = next;
    const children = firstOf(visible(node), Math.max(0, most - 1 - nodes.length - open.length), total);
    const isCut = depth + 1 >= maxDepth;
    const cut = { branches: children.all, total: total[node] - self[node] };
    const { filename, lineno, functionName } = tree.frames[tree.frame[node]];
    const id = nodes.length;
    nodes.push({
      id,
      parent,
      depth,
      filename,
      lineno,
      functionName,
      size: tree.total.size[node],
      count: tree.total.count[node],
      allocatedSize: tree.total.allocatedSize[node],
      allocatedCount: tree.total.allocatedCount[node],
      share: total[node] / total[0],
      self: self[node],
      hidden: isCut ? cut : children.hidden,
    });
    if (isCut) continue;
    for (const child of children.shown.toReversed()) open.push([child, id, depth + 1]);
  }
  return {
    measure,
    min,
    inverted,
    total: total[0],
    size: tree.total.size[0],
    count: tree.total.count[0],
    ...(kinds !== null && { kinds }),
    nodes,
    hidden: top.hidden,
    hiddenInAll: hiddenInAll(nodes, top.hidden),
  };
}

/** What is hidden below the root, and below the nodes that are shown. */
function hiddenInAll(nodes: readonly TreeNode[], atRoot: HiddenBranches): HiddenBranches {
  let { branches, total } = atRoot;
  for (const { hidden } of nodes) {
    branches += hidden.branches;
    total += hidden.total;
  }
  return { branches, total };
}

interface Branches {
  /** The largest first. */
  readonly shown: readonly number[];
  readonly hidden: HiddenBranches;
  /** How many there are that hold anything. */
  readonly all: number;
}

/** As many as there is room for; the others are hidden. */
function firstOf(all: Branches, room: number, total: Float64Array): Branches {
  if (all.shown.length <= room) return all;
  const left = all.shown.slice(room);
  const hidden = {
    branches: all.hidden.branches + left.length,
    total: left.reduce((sum, node) => sum + total[node], all.hidden.total),
  };
  return { ...all, shown: all.shown.slice(0, room), hidden };
}

function visibleChildren(tree: CallTree, total: Float64Array, least: number): (node: number) => Branches {
  const { start, list } = childrenOf(tree.parent);
  const compare = (a: number, b: number): number => total[b] - total[a] || compareFrames(tree, a, b);
  return (node) => {
    const shown: number[] = [];
    let branches = 0;
    let hidden = 0;
    for (let at = start[node]; at < start[node + 1]; at++) {
      const child = list[at];
      if (total[child] >= least) shown.push(child);
      else if (total[child] > 0) {
        branches++;
        hidden += total[child];
      }
    }
    return { shown: shown.sort(compare), hidden: { branches, total: hidden }, all: shown.length + branches };
  };
}

function compareFrames({ frame, frames }: CallTree, a: number, b: number): number {
  const [left, right] = [frames[frame[a]], frames[frame[b]]];
  return (
    compareCodePoints(left.filename, right.filename) ||
    left.lineno - right.lineno ||
    compareCodePoints(left.functionName, right.functionName)
  );
}
