// Browser compatible.

import { crc32 } from "./crc32.ts";
import { zlibGzip } from "./zlib.ts";

const HEADER_LENGTH = 10;
const MAX_STORED_BLOCK = 0xffff;

/** Compresses with zlib; without it (in a browser) gives valid gzip that is not compressed. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return zlibGzip(bytes) ?? gzipStored(bytes);
}

/** Gzip of stored blocks. */
export function gzipStored(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / MAX_STORED_BLOCK));
  const result = new Uint8Array(HEADER_LENGTH + blocks * 5 + bytes.length + 8);
  const view = new DataView(result.buffer);
  result.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  let pos = HEADER_LENGTH;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * MAX_STORED_BLOCK, (block + 1) * MAX_STORED_BLOCK);
    result[pos] = block === blocks - 1 ? 1 : 0;
    view.setUint16(pos + 1, part.length, true);
    view.setUint16(pos + 3, ~part.length & 0xffff, true);
    result.set(part, pos + 5);
    pos += 5 + part.length;
  }
  view.setUint32(pos, crc32(bytes), true);
  view.setUint32(pos + 4, bytes.length >>> 0, true);
  return result;
}
