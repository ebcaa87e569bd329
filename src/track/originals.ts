// Browser compatible.
import { SafeWeakMap } from "./safe_collections.ts";

/** What stands in for built-ins while tracing → the built-in. Entries stay: a program can keep a stand-in. */
const originals = new SafeWeakMap<object, object>();

/** Notes that `replacement` stands in for `original`. */
export function noteOriginal(replacement: object, original: object): void {
  originals.set(replacement, original);
}

/** The built-in that a function stands in for; any other value itself. */
export function originalOf<T>(value: T): T {
  return typeof value === "function" ? ((originals.get(value) as T | undefined) ?? value) : value;
}

/** Whether the value stands in for a built-in. */
export function isReplacement(value: unknown): boolean {
  return typeof value === "function" && originals.has(value);
}
