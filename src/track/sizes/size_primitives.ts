// Browser compatible.

const TWO_BYTE = /[^\0-\xff]/;

/**
 * Bytes of a string's characters: engines store one byte a character where all are Latin-1, else two. A long one is
 * judged by its beginning.
 */
export function bytesOf(text: string): number {
  const isTwoByte = TWO_BYTE.test(text.length > 1024 ? text.slice(0, 1024) : text);
  return isTwoByte ? text.length * 2 : text.length;
}

/** Whether the number is an integer of so many bits. */
export function isSmallInteger(value: number, bits: number): boolean {
  const limit = 2 ** (bits - 1);
  return Number.isInteger(value) && value < limit && value >= -limit && !Object.is(value, -0);
}
