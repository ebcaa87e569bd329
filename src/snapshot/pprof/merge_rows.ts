// Browser compatible.

import type { BlockColumns } from "../model/columns.ts";
import { IntSequences } from "./int_sequences.ts";

/**
 * One row for all rows of the same traceback, type, domain and size: other tools write several samples where
 * addresses differ and lines do not.
 */
export function mergeRows(blocks: BlockColumns): BlockColumns {
  const rows = new IntSequences();
  const key = new Int32Array(5);
  const size = new Float64Array(1);
  const sizeBits = new Int32Array(size.buffer);
  const merged = {
    traceback: blocks.traceback.slice(),
    type: blocks.type.slice(),
    domain: blocks.domain.slice(),
    size: blocks.size.slice(),
    count: new Float64Array(blocks.count.length),
    allocatedCount: new Float64Array(blocks.count.length),
    allocatedSize: new Float64Array(blocks.count.length),
  };
  for (let i = 0; i < blocks.count.length; i++) {
    key[0] = merged.traceback[i];
    key[1] = merged.type[i];
    key[2] = merged.domain[i];
    size[0] = merged.size[i];
    key[3] = sizeBits[0];
    key[4] = sizeBits[1];
    const row = rows.intern(key, 5);
    // A row's number is never above `i`, so nothing is overwritten before it was read.
    merged.traceback[row] = key[0];
    merged.type[row] = key[1];
    merged.domain[row] = key[2];
    merged.size[row] = size[0];
    merged.count[row] += blocks.count[i];
    merged.allocatedCount[row] += blocks.allocatedCount[i];
    merged.allocatedSize[row] += blocks.allocatedSize[i];
  }
  const trim = <Column extends Int32Array | Float64Array>(column: Column): Column =>
    column.subarray(0, rows.size) as Column;
  return {
    traceback: trim(merged.traceback),
    type: trim(merged.type),
    domain: trim(merged.domain),
    size: trim(merged.size),
    count: trim(merged.count),
    allocatedCount: trim(merged.allocatedCount),
    allocatedSize: trim(merged.allocatedSize),
  };
}
