// Browser compatible.

// Base 64 VLQ as source maps have it: small numbers, which differences are, take one character. A site of five
// numbers takes 6 to 7 characters, against 14 to 16 as decimals.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The digits of a number but its last have this bit. */
const MORE = 32;
/** What the last digit counts that a number of 52 bits can have; arithmetic is exact up to there. */
const LARGEST_SCALE = 2 ** 50;

/** By digit. */
const VALUES = { __proto__: null } as unknown as Record<string, number | undefined>;
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS[i]] = i;

/** So many characters become a text at once: one by one, V8 makes an object of 32 bytes for each. */
const PART = 4096;

/** Encodes signed integers of up to 51 bits. */
export function encodeNumbers(numbers: Iterable<number>): string {
  let out = "";
  let codes: number[] = [];
  for (const number of numbers) {
    let rest = number < 0 ? -2 * number + 1 : 2 * number;
    while (rest >= MORE) {
      codes.push(DIGITS.charCodeAt(MORE + (rest % MORE)));
      rest = Math.floor(rest / MORE);
    }
    codes.push(DIGITS.charCodeAt(rest));
    if (codes.length < PART) continue;
    out += String.fromCharCode(...codes);
    codes = [];
  }
  return out + String.fromCharCode(...codes);
}

/**
 * Decodes what `encodeNumbers` gives into an array.
 *
 * @param numbers A typed array of the length that is expected, where a program could see elements being added.
 * @returns How many there were; -1 where the text is another one, or has more or larger numbers than the array can hold.
 */
export function decodeInto(text: string, numbers: Int32Array | number[]): number {
  let length = 0;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < text.length; i++) {
    const digit = VALUES[text[i]];
    if (digit === undefined || scale > LARGEST_SCALE) return -1;
    value += (digit % MORE) * scale;
    if (digit >= MORE) {
      scale *= MORE;
      continue;
    }
    const number = value % 2 === 0 ? value / 2 : (1 - value) / 2;
    numbers[length] = number;
    if (numbers[length++] !== number) return -1;
    value = 0;
    scale = 1;
  }
  return scale === 1 ? length : -1;
}
