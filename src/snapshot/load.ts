// Browser compatible.

import { SnapshotFormatError } from "../errors.ts";
import type { SnapshotColumns } from "./columns.ts";
import { hostModule } from "./host_modules.ts";
import { decodeProfile } from "./pprof/decode_profile.ts";
import { gunzip, isGzip } from "./pprof/gunzip.ts";
import { MAX_BYTES, readLimits } from "./pprof/limits.ts";
import { foreignFormat } from "./pprof/sniff.ts";

/** What a dump holds. */
export interface DecodedSnapshot {
  columns: SnapshotColumns;
  metadata: Record<string, unknown>;
}

/**
 * Reads a dump, or a heap profile that another tool wrote in pprof's format (gzipped or not).
 *
 * Whatever is wrong with the bytes (truncated, corrupt, larger than `pprof/limits.ts` allows, another format, no heap
 * profile) throws a SnapshotFormatError that names `filename` and, where known, the offset in the decompressed data.
 */
export function decodeSnapshot(bytes: Uint8Array, options: { filename?: string } = {}): DecodedSnapshot {
  const { filename = "" } = options;
  rejectForeign(bytes, filename);
  if (bytes.length > MAX_BYTES) {
    throw new SnapshotFormatError(`more than ${MAX_BYTES} bytes, the most that is read`, { filename });
  }
  try {
    if (!isGzip(bytes)) return decodeProfile(bytes, filename);
    const limits = readLimits(bytes.length);
    const data = gunzip(bytes, { filename, maxLength: limits.bytes });
    rejectForeign(data, filename);
    return decodeProfile(data, filename, limits);
  } catch (cause) {
    // An engine's own limits (memory, the size of a Map) may be below ours.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SnapshotFormatError(`the profile is too large for this runtime (${cause.message})`, {
      filename,
      cause,
    });
  }
}

function rejectForeign(bytes: Uint8Array, filename: string): void {
  const format = foreignFormat(bytes);
  if (format !== undefined) {
    throw new SnapshotFormatError(`not a snapshot or pprof profile, but ${format}`, { filename, offset: 0 });
  }
}

/**
 * Reads a whole file, but no more than one byte above 1 GiB: that much is no snapshot.
 *
 * Errors of the file system come through as they are, with the file named.
 */
export function readFileBytes(filename: string): Uint8Array {
  const fs = hostModule("node:fs");
  if (fs === undefined)
    throw new Error(`cannot read ${filename}: there is no file system here; use fromBytes()`);
  try {
    const descriptor = fs.openSync(filename, "r");
    try {
      return readAll(
        (buffer, at) => fs.readSync(descriptor, buffer, at, buffer.length - at, null),
        fs.fstatSync(descriptor).size,
      );
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && !error.message.includes(filename)) {
      error.message = `cannot read ${filename}: ${error.message}`;
    }
    throw error;
  }
}

/** Pipes and devices don't tell their size, and some never end. */
function readAll(read: (buffer: Uint8Array, at: number) => number, size: number): Uint8Array {
  let buffer = new Uint8Array(Math.min(Math.max(size, 1 << 16), MAX_BYTES) + 1);
  let length = 0;
  for (;;) {
    const count = read(buffer, length);
    length += count;
    if (count === 0 || length > MAX_BYTES) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(buffer.length * 2, MAX_BYTES + 1));
    larger.set(buffer);
    buffer = larger;
  }
}
