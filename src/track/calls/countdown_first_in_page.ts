// Browser compatible.

import type { BuiltinReport } from "./recorder.ts";
// Takes the place of `countdown_first.ts` in what bundlers make for pages: nothing is counted down in advance. Functions that do
// nothing, which bundlers leave out.

/** A string. */
export function isSpared(_value: string): undefined {}

/** What a built-in function gives. */
export function isCountedDown(): undefined {}

/** What a built-in constructor has made. */
export function isConstructedSpared(_args: readonly unknown[]): undefined {}

/** A result of several blocks. */
export function inParts(run: BuiltinReport): BuiltinReport {
  return run;
}
