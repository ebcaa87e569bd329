// Browser compatible.
import { Kind } from "../kinds.ts";
import { sitesAround } from "./hub.ts";
import { isProxy } from "./is_proxy.ts";
import { shapeOf } from "./shape.ts";
import { sizes } from "./size.ts";

/** What an object takes now, as opposed to when it was allocated. */
export interface Contents {
  /** Bytes of the object itself with its tables, and of the numbers it holds. */
  size: number;
  /** Bytes of the strings that it holds directly. */
  strings: number;
}

const { isArray } = Array;
const getDescriptor = Object.getOwnPropertyDescriptor;
const ownKeys = Reflect.ownKeys;
const { apply } = Reflect;
const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;

/** Elements that are looked at one by one; of a longer container every so many-th stands for the rest. */
const LOOKED_AT = 1 << 14;

/** What an object was when it was allocated: engines make room by it. */
export interface Made {
  readonly holder: Holder;
  /** An array's length; the properties that a literal has in the source. */
  readonly length: number;
  readonly isLiteral: boolean;
  /** An array that shares its elements with the code. */
  readonly isConstant: boolean;
}

/** What an object is inside, which no program can change; "store": bytes outside the heap. */
type Holder = "Array" | "Map" | "Set" | "properties" | "store";

/** Of an object that has just been made; null: nothing of it that is measured can grow. */
function holderOf(object: object): Holder | null {
  // A Proxy that has been revoked throws at the mere question whether it is an array; one of an array runs its trap
  // for the length.
  if (typeof object === "function" || isProxy(object)) return null;
  if (isArray(object)) return "Array";
  const { collection, isPlain } = shapeOf(object);
  // To be told by an exception that something is no Map takes microseconds: only what inherits from it is asked.
  if (collection === "Map" && hasInside(mapSize, object)) return "Map";
  if (collection === "Set" && hasInside(setSize, object)) return "Set";
  return isPlain ? "properties" : null;
}

/** Notes what the object is, right after it was allocated at a site; null where it need not be measured again. */
export function madeAs(object: object, site: number, isExternal: boolean): Made | null {
  const holder = isExternal ? "store" : holderOf(object);
  if (holder === null) return null;
  const length = holder === "Array" ? (object as readonly unknown[]).length : 0;
  if (site === 0) return { holder, length, isLiteral: false, isConstant: false }; // no instrumented code on the stack
  const { base, sites } = sitesAround(site);
  const kind = sites.kind[site - base];
  const parameter = sites.parameter[site - base];
  const isLiteral = kind === Kind.object;
  return {
    holder,
    length: isLiteral ? parameter : length,
    isLiteral,
    isConstant: kind === Kind.array && parameter < 0,
  };
}

/** Each string is counted for the first object that is found to hold it. */
export type SeenStrings = Set<string>;

/**
 * Measures a live object again: containers grow after they were allocated, by whatever code. Runs no code of the
 * program: accessors are not called, proxies not asked.
 */
export function contentsOf(object: object, seen: SeenStrings, made: Made): Contents {
  const contents: Contents = { size: 0, strings: 0 };
  switch (made.holder) {
    case "store":
      contents.size = backingSizeOf(object);
      break;
    case "Array":
      contents.size = arraySizeNow((object as readonly unknown[]).length, made);
      addElements(object as readonly unknown[], contents, seen);
      break;
    case "Map":
      contents.size = sizes.map(apply(mapSize, object, []) as number);
      addMap(object as Map<unknown, unknown>, contents, seen);
      break;
    case "Set":
      contents.size = sizes.set(apply(setSize, object, []) as number);
      addSet(object as Set<unknown>, contents, seen);
      break;
    case "properties": {
      const keys = ownKeys(object);
      contents.size = made.isLiteral ? sizes.grownObject(made.length, keys.length) : shapeSizeNow(object);
      addProperties(object, keys, contents, seen);
    }
  }
  return contents;
}

function arraySizeNow(length: number, made: Made): number {
  if (length !== made.length) return sizes.grownArray(made.length, length);
  return made.isConstant ? sizes.constantArray(length) : sizes.array(length);
}

function shapeSizeNow(object: object): number {
  const shape = shapeOf(object);
  return (shape.measureNow ?? shape.measure)(object);
}

/** The bytes outside the heap that a buffer holds now: it may have been resized, or transferred. */
function backingSizeOf(object: object): number {
  return isProxy(object) ? 0 : (shapeOf(object).backing?.(object)?.size ?? 0);
}

const mapSize = getDescriptor(Map.prototype, "size")!.get!;
const setSize = getDescriptor(Set.prototype, "size")!.get!;

function hasInside(getter: () => unknown, object: object): boolean {
  try {
    apply(getter, object, []);
    return true;
  } catch {
    return false;
  }
}

function add(value: unknown, weight: number, contents: Contents, seen: SeenStrings): void {
  if (typeof value === "string") {
    if (value.length === 0 || seen.has(value)) return;
    seen.add(value);
    contents.strings += sizes.heldString(value) * weight;
  } else if (typeof value === "number") contents.size += sizes.heldNumber(value) * weight;
  else if (typeof value === "bigint") contents.size += 24 * weight;
}

function addElements(array: readonly unknown[], contents: Contents, seen: SeenStrings): void {
  const stride = Math.max(1, Math.ceil(array.length / LOOKED_AT));
  for (let i = 0; i < array.length; i += stride) {
    // An element can be an accessor too; a hole must not be looked for in the prototype.
    const value: unknown = getDescriptor(array, i)?.value;
    // Doubles lie in the array itself, unboxed, as long as all elements are numbers.
    if (typeof value !== "number") add(value, stride, contents, seen);
  }
}

function addMap(map: Map<unknown, unknown>, contents: Contents, seen: SeenStrings): void {
  const stride = Math.max(1, Math.ceil((apply(mapSize, map, []) as number) / LOOKED_AT));
  let i = 0;
  apply(forEachOfMap, map, [
    (value: unknown, key: unknown) => {
      if (i++ % stride !== 0) return;
      add(key, stride, contents, seen);
      add(value, stride, contents, seen);
    },
  ]);
}

function addSet(set: Set<unknown>, contents: Contents, seen: SeenStrings): void {
  const stride = Math.max(1, Math.ceil((apply(setSize, set, []) as number) / LOOKED_AT));
  let i = 0;
  apply(forEachOfSet, set, [
    (value: unknown) => {
      if (i++ % stride === 0) add(value, stride, contents, seen);
    },
  ]);
}

function addProperties(
  object: object,
  keys: readonly (string | symbol)[],
  contents: Contents,
  seen: SeenStrings,
): void {
  const stride = Math.max(1, Math.ceil(keys.length / LOOKED_AT));
  for (let i = 0; i < keys.length; i += stride) {
    add(getDescriptor(object, keys[i])?.value, stride, contents, seen);
  }
}
