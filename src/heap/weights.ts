import type { MadeQuestion } from "./engine_made.ts";
import { addTo } from "./sums.ts";

/**
 * For how many blocks each object with a mark stands, so that those of a group stand for as many as are counted.
 *
 * @param rowOf By node: its row + 1; 0: it has no mark.
 * @param ofMarks What marks say: those of adaptive mode do.
 */
export function weighed(
  rowOf: Uint32Array,
  ofMarks: ReadonlyMap<number, number>,
  { live, groups, sampling }: MadeQuestion,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(rowOf.length);
  const all = new Float64Array(groups.length);
  for (let row = 0; row < groups.length; row++) all[groups[row]] += live![row];
  const ofRow = new Float64Array(groups.length);
  for (const row of rowOf) if (row !== 0) ofRow[row - 1]++;
  const marked = new Float64Array(groups.length);
  const more = new Float64Array(groups.length);
  const each = (visit: (node: number, group: number) => void): void => {
    for (let node = 1; node < rowOf.length; node++)
      if (rowOf[node] !== 0) visit(node, groups[rowOf[node] - 1]);
  };
  each((node, group) => {
    const row = rowOf[node] - 1;
    const stands = sampling === "bytes" ? live![row] / ofRow[row] : ofMarks.get(node);
    weights[node] = Math.max(1, stands ?? 1);
    marked[group]++;
    more[group] += weights[node] - 1;
  });
  each((node, group) => {
    if (weights[node] <= 1) return;
    const left = Math.max(0, all[group] - marked[group]);
    weights[node] = 1 + ((weights[node] - 1) * left) / more[group];
  });
  return weights;
}

/** By row, for how many blocks all of it that bear a mark stand. */
export function sumsByRow(rowOf: Uint32Array, weights: Float32Array): Map<number, number> {
  const sums = new Map<number, number>();
  for (let node = 1; node < weights.length; node++)
    if (rowOf[node] !== 0) addTo(sums, rowOf[node], weights[node]);
  return sums;
}
