// Browser compatible.

// Takes the place of `initial_contents.ts` in what bundlers make for pages, where nobody tells what else can grow.
import { isProxy } from "./is_proxy.ts";
import { shapeOf, sizeOfMap, sizeOfSet } from "./shape.ts";

/** What an object was when it was allocated, as far as it can grow: `contents.ts` measures it by that. */
export interface InitialContents {
  readonly holder: Holder;
  /** An array's length then. */
  readonly length: number;
}

/** What an object is inside, which no program can change; "store": bytes outside the heap; "names": properties beside what is measured once. */
export type Holder = "Array" | "Map" | "Set" | "properties" | "store" | "names" | "weak";

const { isArray } = Array;

/** Notes what the object is, right after it was allocated; null where it need not be measured again. */
export function initialContents(object: object, isExternal: boolean): InitialContents | null {
  const holder = isExternal ? "store" : holderOf(object);
  if (holder === null) return null;
  return { holder, length: holder === "Array" ? (object as readonly unknown[]).length : 0 };
}

/** Of an object that has just been made; null: nothing of it that is measured can grow. */
function holderOf(object: object): Holder | null {
  // A Proxy that has been revoked throws at the mere question whether it is an array; one of an array runs its trap
  // for the length.
  if (isProxy(object)) return null;
  if (isArray(object)) return "Array";
  const { collection, isPlain } = shapeOf(object);
  // To be told by an exception that something is no Map takes microseconds: only what inherits from it is asked.
  if (collection === "Map" && sizeOfMap(object) !== undefined) return "Map";
  if (collection === "Set" && sizeOfSet(object) !== undefined) return "Set";
  return isPlain ? "properties" : null;
}
