// Browser compatible.

import { hostModule } from "../../host/built_in_modules.ts";
import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { tooLarge } from "./limits.ts";

// In pages, `zlib_in_page.ts` takes its place ("browser" of package.json).

/** Measured on 86 MB of samples: level 2 takes a third of level 6's time for 8 % more bytes. */
const FAST_FROM = 2 ** 22;
/** Bytes at a time where nothing is known: zlib's default of 16 KiB costs a third more time. */
const CHUNK = 2 ** 16;

/** Compresses; undefined where the host has no zlib. */
export function zlibGzip(bytes: Uint8Array): Uint8Array | undefined {
  const level = bytes.length > FAST_FROM ? 2 : 6;
  const compressed = hostModule("node:zlib")?.gzipSync(bytes, { level, chunkSize: CHUNK });
  return compressed && new Uint8Array(compressed.buffer, compressed.byteOffset, compressed.length);
}

/**
 * Decompresses at most `maxLength` bytes; undefined where the host has no zlib.
 *
 * @param told The length that the file tells.
 * @throws {SnapshotFormatError} for whatever is wrong.
 */
export function zlibGunzip(
  bytes: Uint8Array,
  { filename, maxLength, told }: { filename: string; maxLength: number; told: number },
): Uint8Array | undefined {
  const native = hostModule("node:zlib");
  if (native === undefined) return undefined;
  try {
    // All at once where the file tells its size: chunks would be kept beside what they are joined to.
    const chunkSize = told < maxLength ? Math.max(told + 1, CHUNK) : CHUNK;
    const data = native.gunzipSync(bytes, { maxOutputLength: maxLength, chunkSize });
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (cause) {
    const { code, message } = cause as Error & { readonly code?: string };
    const reason =
      code === "ERR_BUFFER_TOO_LARGE" || cause instanceof RangeError
        ? tooLarge(maxLength)
        : code === "Z_BUF_ERROR"
          ? "the gzip data is truncated"
          : `the gzip data is corrupt (${message})`;
    throw new SnapshotFormatError(reason, { filename, cause });
  }
}
