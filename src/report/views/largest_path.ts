// Browser compatible.
import { ColumnReader } from "../../snapshot/model/column_reader.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { type FrameJson, framesJson } from "./view.ts";

/** The traceback by which most of a line's memory came about, oldest frame first; empty where there is none. */
export function largestPath(
  { columns }: Snapshot,
  { filename, lineno }: Pick<FrameJson, "filename" | "lineno">,
): readonly FrameJson[] {
  const { blocks, frames, tracebacks } = columns;
  const file = frames.filenames.indexOf(filename);
  const sizes = new Map<number, number>();
  for (let row = 0; row < blocks.count.length; row++) {
    const traceback = blocks.traceback[row];
    const frame = tracebacks.frames[tracebacks.offset[traceback + 1] - 1];
    if (frames.filename[frame] !== file || frames.lineno[frame] !== lineno) continue;
    sizes.set(traceback, (sizes.get(traceback) ?? 0) + blocks.size[row] * Math.round(blocks.count[row]));
  }
  let largest = -1;
  let most = -1;
  for (const [traceback, size] of sizes) if (size > most) [largest, most] = [traceback, size];
  return largest === -1 ? [] : framesJson(new ColumnReader(columns).traceback(largest));
}
