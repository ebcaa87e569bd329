// Browser compatible.
// In pages, `initial_contents_in_page.ts` takes its place ("browser" of package.json).

import { hostModule, type ValueTypes } from "../../host/built_in_modules.ts";
import { type InitialContents, initialContents as ofPlain } from "./initial_contents_in_page.ts";

export type { Holder, InitialContents } from "./initial_contents_in_page.ts";

const { isNativeError, isWeakMap, isWeakSet }: Partial<ValueTypes> = hostModule("node:util")?.types ?? {};
const NAMES: InitialContents = { holder: "names", length: 0 };
const WEAK: InitialContents = { holder: "weak", length: 0 };

/** What an object is, as `initial_contents_in_page.ts` says, and of what else can grow: an error's properties, a WeakMap's table. */
export function initialContents(object: object, isExternal: boolean): InitialContents | null {
  const plain = ofPlain(object, isExternal);
  if (plain !== null) return plain;
  // They look at the object itself alone, and no Proxy is any of these.
  if (isNativeError?.(object)) return NAMES;
  return isWeakMap?.(object) || isWeakSet?.(object) ? WEAK : null;
}
