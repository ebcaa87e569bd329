// Hashes for the cache: loading `node:crypto` takes 5 ms of a start that has 25. They tell versions of a file apart, and damaged entries
// from whole ones. Nobody is kept out by it: whoever could make texts that collide writes the file whose name is in the key, too, and
// the folder is the user's.

import { imul } from "../../tables/own_math.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";

// The constants of cyrb53 and MurmurHash3.
const FIRST = 2654435761;
const SECOND = 1597334677;
const FIRST_END = 2246822507;
const SECOND_END = 3266489909;

/** From so many bytes on it pays to load `node:zlib`, which takes 2 ms. */
export const LARGE: number = 2 ** 19;
const CHUNK = 2 ** 16;

/** The runtime's own takes 7 GB in a second; null: it has none. */
function ownCrc32(): typeof import("node:zlib").crc32 | null {
  return process.getBuiltinModule("node:zlib").crc32 ?? null;
}

/**
 * 16 hexadecimal digits of bytes. Of many: length and CRC-32. A change of the length or within 32 bits always shows in it, of any other one in
 * four billion does not.
 */
export function hashOf(bytes: Uint8Array): string {
  const crc = bytes.length < LARGE ? null : ownCrc32();
  return crc === null ? mixed(bytes) : hex(bytes.length) + hex(crc(bytes));
}

/** The same of a text. A large one is never in memory twice. */
export function hashOfText(text: string): string {
  const crc = text.length < LARGE ? null : ownCrc32();
  if (crc === null) return mixed(Buffer.from(text));
  const chunk = Buffer.allocUnsafeSlow(3 * CHUNK);
  let length = 0;
  let value = 0;
  for (let at = 0; at < text.length; at += CHUNK) {
    const count = chunk.write(text.slice(at, at + CHUNK), "utf8");
    length += count;
    value = crc(chunk.subarray(0, count), value);
  }
  return hex(length) + hex(value);
}

/** 16 hexadecimal digits of bytes, as fast as SHA-256 where processors help that: 1.5 GB/s, with what it takes to make them of a text. */
function mixed(bytes: Uint8Array): string {
  const { length, buffer, byteOffset } = bytes;
  let first = imul(0xdeadbeef ^ length, FIRST);
  let second = imul(0x41c6ce57 ^ length, SECOND);
  const whole = length & ~3;
  // Not a DataView, whose methods may be the program's. What is not aligned takes three times as long.
  const words = (byteOffset & 3) === 0 ? new OwnInt32Array(buffer, byteOffset, whole >>> 2) : null;
  for (let i = 0; i < whole; i += 4) {
    const word = words === null ? wordAt(bytes, i) : words[i >>> 2]!;
    first = imul(first ^ word, FIRST);
    second = imul(second ^ word, SECOND);
    first = (first << 13) | (first >>> 19);
    second = (second << 17) | (second >>> 15);
  }
  for (let i = whole; i < length; i++) {
    first = imul(first ^ bytes[i]!, FIRST);
    second = imul(second ^ bytes[i]!, SECOND);
  }
  const low = imul(first ^ (first >>> 16), FIRST_END) ^ imul(second ^ (second >>> 13), SECOND_END);
  const high = imul(second ^ (second >>> 16), FIRST_END) ^ imul(first ^ (first >>> 13), SECOND_END);
  return hex(high) + hex(low);
}

/** As processors that put the lowest byte first read it. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
