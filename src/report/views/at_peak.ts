// Browser compatible.
import { Snapshot } from "../../snapshot/model/snapshot.ts";

/**
 * The blocks that were alive when the traced size was largest, out of a snapshot that was taken later; null where it does not tell: CPython's raw traces, and other tools' profiles.
 */
export function atPeak(snapshot: Snapshot): Snapshot | null {
  const { columns, metadata } = snapshot;
  if (metadata.at === "peak") return snapshot;
  const { peakCount } = columns.blocks;
  if (peakCount === undefined) return null;
  return new Snapshot(
    { ...columns, blocks: { ...columns.blocks, count: peakCount } },
    { ...metadata, at: "peak" },
  );
}
