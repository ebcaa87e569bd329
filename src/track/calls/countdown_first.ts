// Browser compatible.
// In pages, `countdown_first_in_page.ts` takes its place ("browser" of package.json): these ask the sampler about each block.

import { prepaid } from "./prepaid.ts";
import type { BuiltinReport } from "./recorder.ts";
import { shadowStack } from "./shadow_stack.ts";
import { CONSTRUCTOR_COST, COUNTS_FIRST, STRING_HEADER, spareBytes } from "./spare_bytes.ts";

// Variables of this module's own are constants for V8, which loads an imported one at each use.
const spare = spareBytes;
const counts = prepaid;
const stack = shadowStack;
const { clz32 } = Math;

/** What a constructor is counted down for that has not been told a length; and the least. */
const SOME_BYTES = 64;
const MOST_BYTES = 2 ** 30;

/** Counts a string down; gives whether that was all, as no sample is due. */
export function isSpared({ length }: string): boolean {
  return hasSpare(length + STRING_HEADER);
}

function hasSpare(bytes: number): boolean {
  const left = spare[0] - bytes;
  if (left <= 0) return false;
  spare[0] = left;
  return true;
}

/**
 * Counts down what a built-in function gives, or is about to give, as one of the blocks of the line that calls: strings, too, whose lengths
 * are not known before. Gives whether that was all. Only for where something is on the shadow stack.
 */
export function isCountedDown(): boolean {
  if (spare[COUNTS_FIRST] === 0) return false;
  const site = stack[stack[0] - 1];
  // Neither 0, nor an interned path, nor `CONTINUE` is the number of a site.
  if (!(site > 0 && counts[site] > 0)) return false;
  counts[site]--;
  return true;
}

/** Counts down what a built-in constructor has made, by its first argument if that is a length. Gives whether that was all. */
export function isConstructedSpared({ 0: length }: readonly unknown[]): boolean {
  if (spare[COUNTS_FIRST] === 0) return false;
  const isLength = typeof length === "number" && length > SOME_BYTES && length < MOST_BYTES;
  const cost = isLength ? 1 << (31 - clz32(length)) : SOME_BYTES;
  if (hasSpare(cost)) return true;
  spare[CONSTRUCTOR_COST] = cost;
  return false;
}

/** Has a result of several blocks reported as such, if the recorder wants to know. */
export function inParts(run: BuiltinReport): BuiltinReport {
  return (to, value, place, argumentCount) => (to.report ?? run)(to, value, place, argumentCount, run);
}
