// Browser compatible.
import type { TracebackColumns } from "./columns.ts";

/** Tracebacks as sequences of integers: frames, oldest first, and then the total number of frames. */
export interface TracebackSequences {
  readonly pool: Int32Array;
  /** Sequence `i` is `pool[offset[i]] … pool[offset[i + 1] - 1]`. */
  readonly offset: Int32Array;
}

/** Takes the totals out from between the tracebacks. */
export function tracebackColumns(
  { pool, offset: from }: TracebackSequences,
  length: number,
): TracebackColumns {
  const offset = new Int32Array(length + 1);
  const frames = new Int32Array(from[length] - length);
  const totalNframe = new Int32Array(length);
  for (let id = 0; id < length; id++) {
    const last = from[id + 1] - 1;
    // Copied by hand: `set(subarray())` makes an object for each of a million tracebacks.
    for (let at = from[id], to = from[id] - id; at < last; at++, to++) frames[to] = pool[at];
    totalNframe[id] = pool[last];
    offset[id + 1] = last - id;
  }
  return { offset, frames, totalNframe };
}
