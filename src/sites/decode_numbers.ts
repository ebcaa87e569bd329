// Browser compatible.
import { OwnInt32Array } from "../tables/safe_collections.ts";
import { decodeInto } from "../tables/vlq.ts";

const OwnRangeError = RangeError;

/**
 * Decodes so many numbers of up to 32 bits; throws `RangeError` on any other text. Into a typed array, as a program can see
 * elements being added to an array.
 */
export function decodeNumbers(text: string, count: number): Int32Array {
  const numbers = new OwnInt32Array(count);
  if (decodeInto(text, numbers) !== count) throw new OwnRangeError(`the text must be ${count} VLQ numbers`);
  return numbers;
}
