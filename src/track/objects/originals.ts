// Browser compatible.

// What stand-ins need of originals, besides `originalOf`: a page records without.
import { originals } from "./is_proxy.ts";

/** Notes that `replacement` stands in for `original`. */
export function noteOriginal(replacement: object, original: object): void {
  originals.set(replacement, original);
}

/** Whether the value stands in for a built-in. */
export function isReplacement(value: unknown): boolean {
  return typeof value === "function" && originals.has(value);
}
