// Browser compatible.

import type { SnapshotColumns } from "../model/columns.ts";
import { varintLength } from "./proto_writer.ts";

/**
 * The frames that rows point to, numbered as locations. A filtered snapshot may share its columns with the whole one;
 * what was filtered out must not get into the file.
 */
export interface UsedFrames {
  /** Location id of each frame, from 1 on in order of first use; 0: unused. */
  readonly location: Int32Array;
  /** The frame of the location with the id `i + 1`. */
  readonly frames: Int32Array;
  /** Bytes of each used traceback as a packed list of location ids. */
  readonly packedLength: Int32Array;
}

export function usedFrames({ blocks, frames, tracebacks }: SnapshotColumns): UsedFrames {
  const location = new Int32Array(frames.lineno.length);
  const used = new Int32Array(frames.lineno.length);
  const packedLength = new Int32Array(tracebacks.totalNframe.length).fill(-1);
  let count = 0;
  for (let row = 0; row < blocks.traceback.length; row++) {
    const traceback = blocks.traceback[row];
    if (packedLength[traceback] !== -1) continue;
    const first = tracebacks.offset[traceback];
    let length = 0;
    for (let i = tracebacks.offset[traceback + 1] - 1; i >= first; i--) {
      const frame = tracebacks.frames[i];
      if (location[frame] === 0) {
        used[count++] = frame;
        location[frame] = count;
      }
      length += varintLength(location[frame]);
    }
    packedLength[traceback] = length;
  }
  return { location, frames: used.subarray(0, count), packedLength };
}
