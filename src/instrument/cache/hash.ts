// A hash for the cache: loading `node:crypto` takes 5 ms of a start that has 25. It tells versions of a file apart, and damaged entries
// from whole ones. Nobody is kept out by it: whoever could make texts that collide writes the file whose name is in the key, too, and
// the folder is the user's.

// The constants of cyrb53 and MurmurHash3.
const FIRST = 2654435761;
const SECOND = 1597334677;
const FIRST_END = 2246822507;
const SECOND_END = 3266489909;

/** 16 hexadecimal digits of bytes, as fast as SHA-256 where processors help that: 1.5 GB/s, with what it takes to make them of a text. */
export function hashOf(bytes: Uint8Array): string {
  const { length, buffer, byteOffset } = bytes;
  const view = new DataView(buffer, byteOffset, length);
  let first = Math.imul(0xdeadbeef ^ length, FIRST);
  let second = Math.imul(0x41c6ce57 ^ length, SECOND);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word = view.getInt32(i, true);
    first = Math.imul(first ^ word, FIRST);
    second = Math.imul(second ^ word, SECOND);
    first = (first << 13) | (first >>> 19);
    second = (second << 17) | (second >>> 15);
  }
  for (let i = whole; i < length; i++) {
    first = Math.imul(first ^ bytes[i]!, FIRST);
    second = Math.imul(second ^ bytes[i]!, SECOND);
  }
  const low = Math.imul(first ^ (first >>> 16), FIRST_END) ^ Math.imul(second ^ (second >>> 13), SECOND_END);
  const high = Math.imul(second ^ (second >>> 16), FIRST_END) ^ Math.imul(first ^ (first >>> 13), SECOND_END);
  return hex(high) + hex(low);
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
