// Browser compatible.

import { IntPairMap } from "../../tables/int_pair_map.ts";
import type { BlockColumns } from "../model/columns.ts";

/**
 * Raises what was allocated to what is alive, and to what was alive at the peak, wherever more is known to be: strings that are
 * held where they were not built, containers whose growth nobody has seen, and what estimates of a path are rounded up to. By
 * traceback, type and domain: then it holds for whatever rows are added up to.
 *
 * @param kinds By row, a number for type and domain; a session's types have a domain each.
 */
export function boundAllocated(
  { traceback, type, size, count, peakCount, allocatedCount, allocatedSize }: BlockColumns,
  kinds: Int32Array = type,
): void {
  const known = new IntPairMap();
  const firstRow = kinds.map((kind, row) => {
    const first = known.get(traceback[row], kind);
    if (first === -1) known.set(traceback[row], kind, row);
    return first === -1 ? row : first;
  });
  for (const alive of [count, peakCount]) {
    if (alive === undefined) continue;
    // By the first row of each group, how much more is alive than was allocated.
    const moreBlocks = new Float64Array(count.length);
    const moreBytes = new Float64Array(count.length);
    firstRow.forEach((first, row) => {
      // As statistics round them.
      const whole = Math.round(alive[row]);
      moreBlocks[first] += whole - allocatedCount[row];
      moreBytes[first] += whole * size[row] - allocatedSize[row];
    });
    firstRow.forEach((_, row) => {
      allocatedCount[row] += Math.max(0, moreBlocks[row]);
      allocatedSize[row] += Math.max(0, moreBytes[row]);
    });
  }
}

/** The same for what a file holds, where types of several domains may have one name. */
export function boundAllocatedOfFile(blocks: BlockColumns): void {
  const { type, domain } = blocks;
  const kindOf = new IntPairMap();
  const kinds = type.map((name, row) => {
    const known = kindOf.get(name, domain[row]);
    if (known !== -1) return known;
    const kind = kindOf.size;
    kindOf.set(name, domain[row], kind);
    return kind;
  });
  boundAllocated(blocks, kinds);
}
