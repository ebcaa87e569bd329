// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { crc32 } from "./crc32.ts";
import { InflateError, Inflater } from "./inflate.ts";
import { MAX_BYTES, tooLarge } from "./limits.ts";
import { zlibGunzip } from "./zlib.ts";

const HEADER_LENGTH = 10;
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses at most `maxLength` bytes; else, and for whatever is wrong, throws a SnapshotFormatError. */
export function gunzip(
  bytes: Uint8Array,
  { filename, maxLength = MAX_BYTES }: { filename: string; maxLength?: number },
): Uint8Array {
  return (
    zlibGunzip(bytes, { filename, maxLength, told: toldLength(bytes) }) ??
    gunzipPortable(bytes, { filename, maxLength })
  );
}

/** `gunzip` without zlib. */
export function gunzipPortable(
  bytes: Uint8Array,
  { filename, maxLength = MAX_BYTES }: { filename: string; maxLength?: number },
): Uint8Array {
  const fail = (reason: string): never => {
    throw new SnapshotFormatError(reason, { filename });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // Deflate cannot shrink to less than a 1032nd.
  const sizeHint = Math.min(toldLength(bytes), bytes.length * 1032);
  const inflater = new Inflater(bytes, 0, { sizeHint, maxLength });
  try {
    // Members follow each other; zeros after the last one are padding.
    do {
      inflater.pos = afterHeader(bytes, inflater.pos, fail);
      const start = inflater.result().length;
      inflater.inflate();
      const trailer = inflater.pos;
      if (trailer + 8 > bytes.length) fail("the gzip data is truncated");
      const member = inflater.result().subarray(start);
      const isWhole =
        view.getUint32(trailer, true) === crc32(member) &&
        view.getUint32(trailer + 4, true) === member.length;
      if (!isWhole) fail("the gzip data is corrupt");
      inflater.pos += 8;
    } while (inflater.pos < bytes.length && bytes[inflater.pos] !== 0);
  } catch (cause) {
    if (!(cause instanceof InflateError)) throw cause;
    const { message } = cause;
    throw new SnapshotFormatError(
      message === "too large" ? tooLarge(maxLength) : `the gzip data is ${message}`,
      { filename, cause },
    );
  }
  return inflater.result();
}

/** The size that the last four bytes tell, which is that of the last member (modulo 2^32), if it is true. */
function toldLength(bytes: Uint8Array): number {
  if (bytes.length < 18) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);
}

/** Where the compressed data begins: after the header at `pos` (RFC 1952, 2.3). */
function afterHeader(bytes: Uint8Array, pos: number, fail: (reason: string) => never): number {
  if (bytes[pos] !== 0x1f || (pos + 1 < bytes.length && bytes[pos + 1] !== 0x8b)) {
    fail("the gzip data is corrupt");
  }
  if (pos + HEADER_LENGTH > bytes.length) fail("the gzip data is truncated");
  const flags = bytes[pos + 3];
  if (bytes[pos + 2] !== 8 || (flags & FLAG.reserved) !== 0) fail("the gzip data is corrupt");
  let end = pos + HEADER_LENGTH;
  if (flags & FLAG.extra) end += 2 + (bytes[end] | (bytes[end + 1] << 8));
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, end);
    if (zero === -1) fail("the gzip data is truncated");
    end = zero + 1;
  }
  if (flags & FLAG.headerChecksum) {
    if (end + 2 > bytes.length) fail("the gzip data is truncated");
    const stored = bytes[end] | (bytes[end + 1] << 8);
    if (stored !== (crc32(bytes.subarray(pos, end)) & 0xffff)) fail("the gzip data is corrupt");
    end += 2;
  }
  if (end > bytes.length) fail("the gzip data is truncated");
  return end;
}
