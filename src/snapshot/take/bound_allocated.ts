// Browser compatible.

import { IntPairMap } from "../../tables/int_pair_map.ts";
import type { BlockColumns } from "../model/columns.ts";

/**
 * Raises what was allocated to what is alive, wherever more is known to be alive: strings that are held where they were not built, and
 * what estimates of a path are rounded up to. By traceback, type and domain: then it holds for
 * whatever rows are added up to.
 *
 * @param grown By row, how many bytes its blocks were seen to grow by.
 * @param kinds By row, a number for type and domain; a session's types have a domain each.
 */
export function boundAllocated(
  { traceback, type, size, count, allocatedCount, allocatedSize }: BlockColumns,
  grown?: ReadonlyMap<number, number>,
  kinds: Int32Array = type,
): void {
  const firstRow = new IntPairMap();
  grown?.forEach((bytes, row) => {
    allocatedSize[row] += bytes;
  });
  // By the first row of each group, how much more is alive than was allocated.
  const moreBlocks = new Float64Array(count.length);
  const moreBytes = new Float64Array(count.length);
  for (let row = 0; row < count.length; row++) {
    let first = firstRow.get(traceback[row], kinds[row]);
    if (first === -1) firstRow.set(traceback[row], kinds[row], (first = row));
    // As statistics round them.
    const alive = Math.round(count[row]);
    moreBlocks[first] += alive - allocatedCount[row];
    moreBytes[first] += alive * size[row] - allocatedSize[row];
  }
  for (let row = 0; row < count.length; row++) {
    allocatedCount[row] += Math.max(0, moreBlocks[row]);
    allocatedSize[row] += Math.max(0, moreBytes[row]);
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
  boundAllocated(blocks, undefined, kinds);
}
