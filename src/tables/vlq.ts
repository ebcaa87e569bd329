// Browser compatible.
import { OwnInt32Array } from "./safe_collections.ts";

// Base 64 VLQ as source maps have it: small numbers, which differences are, take one character. A site of five
// numbers takes 6 to 7 characters, against 14 to 16 as decimals.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const OwnRangeError = RangeError;

/** By digit. */
const VALUES = { __proto__: null } as unknown as Record<string, number | undefined>;
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS[i]] = i;

/** Encodes signed integers of up to 31 bits. */
export function encodeNumbers(numbers: readonly number[]): string {
  let out = "";
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      out += DIGITS[rest > 0 ? digit | 32 : digit];
    } while (rest > 0);
  }
  return out;
}

/**
 * Decodes so many numbers of `encodeNumbers`; throws `RangeError` on any other text. Into a typed array, as a program can see
 * elements being added to an array.
 */
export function decodeNumbers(text: string, count: number): Int32Array {
  const numbers = new OwnInt32Array(count);
  let length = 0;
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length && shift <= 30; i++) {
    const digit = VALUES[text[i]];
    if (digit === undefined) {
      length = -1;
      break;
    }
    value |= (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    numbers[length++] = value & 1 ? -(value >>> 1) : value >>> 1;
    value = 0;
    shift = 0;
  }
  if (shift !== 0 || length !== count) throw new OwnRangeError(`the text must be ${count} VLQ numbers`);
  return numbers;
}
