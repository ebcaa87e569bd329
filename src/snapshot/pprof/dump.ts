// Browser compatible.

import type { SnapshotColumns } from "../model/columns.ts";
import { encodeProfile } from "./encode_profile.ts";
import { gzip } from "./gzip.ts";

/**
 * Gives the snapshot as the bytes of a dump: a gzipped pprof `profile.proto`, whose comment carries `metadata` as JSON.
 *
 * Throws a TypeError where the metadata is not JSON, and a RangeError for figures that are negative or not finite
 * and for snapshots that take more than 1 GiB before compression.
 */
export function encodeSnapshot(columns: SnapshotColumns, metadata: Record<string, unknown>): Uint8Array {
  return gzip(encodeProfile(columns, metadata));
}
