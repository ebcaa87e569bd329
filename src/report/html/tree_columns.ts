// Browser compatible.

import { type Figures, figureColumns, newFigures, sumsBy } from "./figures.ts";
import type { ReportLimits } from "./limits.ts";
import type { LeftOut, TreeColumns } from "./model.ts";
import type { OutputNames } from "./output_names.ts";
import { leastShare, rowsAbove, sharesOf } from "./prune.ts";
import type { CallTree } from "./report_tree.ts";

export interface PrunedTree {
  readonly tree: TreeColumns;
  /** Line frames that are in use, in the order of their new numbers. */
  readonly frames: readonly number[];
  readonly leftOut: LeftOut;
}

/**
 * The tree without its smallest nodes, whose figures go to the nearest caller that is kept. A node is no smaller than
 * its callees, so that whatever is kept hangs together.
 */
export function pruneTree(
  tree: CallTree,
  { nodes: most, entries: mostEntries }: ReportLimits,
  types: OutputNames,
): PrunedTree {
  const { totals } = tree;
  const inclusive = inclusiveFigures(tree);
  const shares = sharesOf(inclusive, totals);
  const least = leastShare(shares, most);
  const entryShares = sharesOf(tree.figures, totals);
  const leastEntry = leastShare(entryShares, mostEntries);
  shares[0] = Number.POSITIVE_INFINITY;
  let held = 0;
  for (const entry of examples(tree, entryShares, mostEntries)) {
    entryShares[entry] = Number.POSITIVE_INFINITY;
    let depth = 0;
    for (let node = tree.node[entry]; shares[node] !== Number.POSITIVE_INFINITY; node = tree.parent[node]) {
      // Of a recursion a hundred thousand calls deep the callers next to the line will do.
      if (++depth > MAX_EXAMPLE_FRAMES || ++held > most) break;
      shares[node] = Number.POSITIVE_INFINITY;
    }
  }
  const kept = rowsAbove(shares, least);
  const nearest = nearestKept(tree.parent, kept);
  const ofNode = new Int32Array(tree.parent.length);
  for (let number = 0; number < kept.length; number++) ofNode[kept[number]] = number;
  const own: number[] = [];
  const restOf = new Int32Array(tree.node.length).fill(-1);
  for (let entry = 0; entry < restOf.length; entry++) {
    const node = tree.node[entry];
    if (nearest[node] === node && entryShares[entry] > leastEntry) own.push(entry);
    else restOf[entry] = ofNode[nearest[node]];
  }
  const rest = sumsBy(tree.figures, restOf, kept.length);
  const frames = new Map<number, number>();
  const frameNumber = (frame: number): number => {
    let number = frames.get(frame);
    if (number === undefined) frames.set(frame, (number = frames.size));
    return number;
  };
  const restNodes = rowsAbove(sharesOf(rest, totals), 0);
  return {
    tree: {
      parent: Array.from(kept, (node) => ofNode[nearest[tree.parent[node]]]),
      frame: Array.from(kept, (node) => (node === 0 ? -1 : frameNumber(tree.frame[node]))),
      entries: {
        node: own.map((entry) => ofNode[tree.node[entry]]),
        type: own.map((entry) => types.number(tree.type[entry])),
        figures: figureColumns(tree.figures, Int32Array.from(own)),
      },
      rest: { node: [...restNodes], figures: figureColumns(rest, restNodes) },
    },
    frames: [...frames.keys()],
    leftOut: leftOut(tree, { nearest, least: Math.max(least, leastEntry), inclusive, own }),
  };
}

/** Tracebacks that each of the largest lines keeps, small as they may be: a row without any would not say why it is there. */
const EXAMPLES = 3;
const MAX_EXAMPLE_FRAMES = 1000;

/** The largest entries of the largest lines. */
function examples({ frames, frame, node }: CallTree, shares: Float64Array, mostEntries: number): number[] {
  // The root, which has frame -1, may have entries too.
  const sums = new Float64Array(frames.length + 1);
  for (let entry = 0; entry < shares.length; entry++) sums[frame[node[entry]] + 1] += shares[entry];
  const lines = Array.from(sums.keys()).sort((a, b) => sums[b] - sums[a]);
  const largest: (number[] | undefined)[] = new Array(sums.length).fill(undefined);
  for (const line of lines.slice(0, Math.ceil(mostEntries / 60))) largest[line] = [];
  for (let entry = 0; entry < shares.length; entry++) {
    const own = largest[frame[node[entry]] + 1];
    if (own === undefined || (own.length === EXAMPLES && shares[entry] <= shares[own[EXAMPLES - 1]]))
      continue;
    own.push(entry);
    own.sort((a, b) => shares[b] - shares[a]);
    own.length = Math.min(own.length, EXAMPLES);
  }
  return largest.flatMap((own) => own ?? []);
}

/** Per node, what it and its callees hold. */
function inclusiveFigures({ node, parent, figures }: CallTree): Figures {
  const inclusive = newFigures(parent.length, figures.length);
  inclusive.forEach((column, index) => {
    const own = figures[index];
    for (let entry = 0; entry < node.length; entry++) column[node[entry]] += own[entry];
    for (let at = parent.length - 1; at > 0; at--) column[parent[at]] += column[at];
  });
  return inclusive;
}

function nearestKept(parent: Int32Array, kept: Int32Array): Int32Array {
  const nearest = new Int32Array(parent.length).fill(-1);
  for (const node of kept) nearest[node] = node;
  for (let node = 1; node < nearest.length; node++) {
    if (nearest[node] === -1) nearest[node] = nearest[parent[node]];
  }
  return nearest;
}

function leftOut(
  tree: CallTree,
  state: { nearest: Int32Array; least: number; inclusive: Figures; own: readonly number[] },
): LeftOut {
  const { nearest, least, inclusive, own } = state;
  const ending = new Uint8Array(nearest.length);
  for (const node of tree.node) ending[node] = 1;
  const tracebacks = ending.reduce((sum, one) => sum + one, 0);
  for (const entry of own) ending[tree.node[entry]] = 0;
  let bytes = 0;
  let droppedFrames = 0;
  for (let node = 0; node < nearest.length; node++) {
    if (nearest[node] === node) continue;
    droppedFrames++;
    bytes = Math.max(bytes, inclusive[0][node]);
  }
  return {
    tracebacks,
    droppedTracebacks: ending.reduce((sum, one) => sum + one, 0),
    droppedFrames,
    share: least,
    bytes: Math.round(bytes),
  };
}
