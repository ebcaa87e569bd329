// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import type { SnapshotColumns } from "../model/columns.ts";
import { decodeProfile } from "./decode_profile.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { MAX_BYTES, type ReadLimits, readLimits } from "./limits.ts";
import { foreignFormat } from "./sniff.ts";

/** What a dump holds. */
export interface DecodedSnapshot {
  columns: SnapshotColumns;
  metadata: Record<string, unknown>;
}

/** How a file is read. */
export interface DecodeOptions {
  /** For messages. */
  readonly filename?: string;
  /** Reads what begins like a JSON object; default: that is no snapshot. */
  readonly json?: (bytes: Uint8Array, filename: string, limits?: ReadLimits) => DecodedSnapshot;
}

/**
 * Reads a dump, or a heap profile that another tool wrote in pprof's format (gzipped or not).
 *
 * Whatever is wrong with the bytes (truncated, corrupt, larger than `pprof/limits.ts` allows, another format, no heap
 * profile) throws a SnapshotFormatError that names `filename` and, where known, the offset in the decompressed data.
 */
export function decodeSnapshot(bytes: Uint8Array, options: DecodeOptions = {}): DecodedSnapshot {
  const { filename = "" } = options;
  if (bytes.length > MAX_BYTES) {
    throw new SnapshotFormatError(`more than ${MAX_BYTES} bytes, the most that is read`, { filename });
  }
  try {
    if (!isGzip(bytes)) return decode(bytes, options);
    const limits = readLimits(bytes.length);
    const data = gunzip(bytes, { filename, maxLength: limits.bytes });
    return decode(data, options, limits);
  } catch (cause) {
    // An engine's own limits (memory, the size of a Map) may be below ours.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SnapshotFormatError(`the profile is too large for this runtime (${cause.message})`, {
      filename,
      cause,
    });
  }
}

/** No `profile.proto` begins like JSON. */
const BRACE = 0x7b;

function decode(
  bytes: Uint8Array,
  { filename = "", json }: DecodeOptions,
  limits?: ReadLimits,
): DecodedSnapshot {
  if (json !== undefined && bytes[0] === BRACE) return json(bytes, filename, limits);
  const format = foreignFormat(bytes);
  if (format !== undefined) {
    throw new SnapshotFormatError(`not a snapshot or pprof profile, but ${format}`, { filename, offset: 0 });
  }
  return decodeProfile(bytes, filename, limits);
}
