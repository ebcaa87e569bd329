// Browser compatible.

import { tracing } from "../../recording/current_session.ts";
import { currentSession, getTracedMemory, settleRecording } from "../../recording/recording.ts";
import { quietly } from "../../track/calls/quietly.ts";
import type { SnapshotColumns } from "../model/columns.ts";
import { encodeSnapshot } from "../pprof/dump.ts";
import { marksOf, withLabels } from "./by_path.ts";
import { hostMetadata } from "./host_metadata.ts";
import { snapshotColumns, timelineOf } from "./session_columns.ts";

/**
 * What a snapshot is made of: the live blocks, and what is known about the run.
 *
 * @throws {Error} when not tracing.
 */
export function recorded(at: "now" | "peak"): {
  columns: SnapshotColumns;
  metadata: Record<string, unknown>;
} {
  const session = tracing("take a snapshot");
  settleRecording();
  const columns = withLabels(snapshotColumns(session, at));
  const metadata = {
    ...hostMetadata(session),
    sampling: session.options.sampling,
    nframe: session.options.nframe,
    at,
    peak: getTracedMemory().peak,
    timeline: timelineOf(session),
    marks: marksOf(session, columns.blocks.count.length),
  };
  return { columns, metadata };
}

/**
 * The bytes of a snapshot of all live blocks: `takeSnapshot().toBytes()`, without what else a snapshot can do.
 *
 * @returns Rejects when not tracing.
 */
export async function recordedBytes(): Promise<Uint8Array> {
  await currentSession()?.natives?.known();
  return quietly(() => {
    const { columns, metadata } = recorded("now");
    return encodeSnapshot(columns, metadata);
  });
}
