// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import type { SnapshotColumns } from "../model/columns.ts";
import { decodeProfile } from "./decode_profile.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { MAX_BYTES, type ReadLimits, readLimits } from "./limits.ts";
import { decodeOther } from "./other_format.ts";

/** What a dump holds. */
export interface DecodedSnapshot {
  columns: SnapshotColumns;
  metadata: Record<string, unknown>;
}

/**
 * Reads a dump, or a heap profile that another tool wrote in pprof's format or V8's (gzipped or not).
 *
 * Whatever is wrong with the bytes (truncated, corrupt, larger than `pprof/limits.ts` allows, another format, no heap
 * profile) throws a SnapshotFormatError that names `filename` and, where known, the offset in the decompressed data.
 */
export function decodeSnapshot(bytes: Uint8Array, options: { filename?: string } = {}): DecodedSnapshot {
  const { filename = "" } = options;
  if (bytes.length > MAX_BYTES) {
    throw new SnapshotFormatError(`more than ${MAX_BYTES} bytes, the most that is read`, { filename });
  }
  try {
    if (!isGzip(bytes)) return decode(bytes, filename);
    const limits = readLimits(bytes.length);
    const data = gunzip(bytes, { filename, maxLength: limits.bytes });
    return decode(data, filename, limits);
  } catch (cause) {
    // An engine's own limits (memory, the size of a Map) may be below ours.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SnapshotFormatError(`the profile is too large for this runtime (${cause.message})`, {
      filename,
      cause,
    });
  }
}

function decode(bytes: Uint8Array, filename: string, limits?: ReadLimits): DecodedSnapshot {
  return decodeOther(bytes, filename, limits) ?? decodeProfile(bytes, filename, limits);
}
