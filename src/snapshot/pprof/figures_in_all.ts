// Browser compatible.

import type { LabelDecoder } from "./decode_labels.ts";
import type { ProtoReader } from "./proto_reader.ts";
import type { Figures } from "./sample_figures.ts";

/** From here on a double does not count any more. */
const MAX_BLOCKS = 2 ** 53;
/** More than 64 bits hold, in which pprof's own tools add up. */
const MAX_BYTES = 2 ** 63;

/**
 * Adds a row's figures (alive, at the peak, allocated) to those of all rows: blocks as `count`, bytes as `size`. No program has as many as
 * are refused here, and no view could show them.
 */
export function addUp(inAll: Figures, row: Figures, labels: LabelDecoder, reader: ProtoReader): void {
  const alive = row.count + Math.max(labels.peakCount, 0);
  inAll.count += alive + row.allocatedCount;
  inAll.size += alive * row.size + row.allocatedSize;
  if (inAll.count > MAX_BLOCKS) reader.fail(tooMany(inAll.count, "2^53 blocks"));
  if (inAll.size > MAX_BYTES) reader.fail(tooMany(inAll.size, "2^63 bytes"));
}

function tooMany(found: number, most: string): string {
  return `the samples come to ${found.toPrecision(3)}, which is more than the ${most} that are read`;
}
