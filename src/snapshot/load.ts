// Browser compatible.

import { SnapshotFormatError } from "../errors.ts";
import type { SnapshotColumns } from "./columns.ts";
import { hostModule } from "./host_modules.ts";
import { decodeProfile } from "./pprof/decode_profile.ts";
import { gunzip, isGzip } from "./pprof/gunzip.ts";
import { MAX_BYTES } from "./pprof/limits.ts";
import { foreignFormat } from "./pprof/sniff.ts";

/** What a dump holds. */
export interface DecodedSnapshot {
  columns: SnapshotColumns;
  metadata: Record<string, unknown>;
}

/**
 * Reads a dump, or a heap profile that another tool wrote in pprof's format (gzipped or not).
 *
 * Whatever is wrong with the bytes (truncated, corrupt, more than 1 GiB once decompressed, another format, no heap
 * profile) throws a SnapshotFormatError that names `filename` and, where known, the offset in the decompressed data.
 */
export function decodeSnapshot(bytes: Uint8Array, options: { filename?: string } = {}): DecodedSnapshot {
  const { filename = "" } = options;
  rejectForeign(bytes, filename);
  try {
    if (!isGzip(bytes)) return decodeProfile(withinLimit(bytes, filename), filename);
    const data = gunzip(bytes, { filename });
    rejectForeign(data, filename);
    return decodeProfile(data, filename);
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

function withinLimit(bytes: Uint8Array, filename: string): Uint8Array {
  if (bytes.length <= MAX_BYTES) return bytes;
  const reason = `the profile has ${bytes.length} bytes; at most ${MAX_BYTES} are read`;
  throw new SnapshotFormatError(reason, { filename });
}

/**
 * Reads a whole file of at most 1 GiB; a larger one throws a SnapshotFormatError.
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
      return readAll((buffer, at) => fs.readSync(descriptor, buffer, at, buffer.length - at, null), {
        filename,
        size: fs.fstatSync(descriptor).size,
      });
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
function readAll(
  read: (buffer: Uint8Array, at: number) => number,
  { filename, size }: { filename: string; size: number },
): Uint8Array {
  const tooLarge = (): never => {
    throw new SnapshotFormatError(`the file has more than ${MAX_BYTES} bytes, the most that is read`, {
      filename,
    });
  };
  if (size > MAX_BYTES) tooLarge();
  let buffer = new Uint8Array(Math.max(size, 1 << 16) + 1);
  let length = 0;
  for (;;) {
    const count = read(buffer, length);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > MAX_BYTES) tooLarge();
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(buffer.length * 2, MAX_BYTES + 1));
    larger.set(buffer);
    buffer = larger;
  }
}
