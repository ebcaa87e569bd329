// Browser compatible.
import { Kind } from "../kinds.ts";
import { sitesAround } from "./hub.ts";
import { isProxy } from "./is_proxy.ts";
import { type Shape, shapeOf } from "./shape.ts";
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
  /** An array's length; the properties that a literal has in the source. */
  readonly length: number;
  readonly isLiteral: boolean;
  /** An array that shares its elements with the code. */
  readonly isConstant: boolean;
}

/** Notes what the object is, right after it was allocated at a site. */
export function madeAs(object: object, site: number): Made {
  // A Proxy that has been revoked throws at the mere question whether it is an array; one of an array runs its trap
  // for the length.
  const length = !isProxy(object) && isArray(object) ? object.length : 0;
  if (site === 0) return { length, isLiteral: false, isConstant: false }; // no instrumented code on the stack
  const { base, sites } = sitesAround(site);
  const kind = sites.kind[site - base];
  const parameter = sites.parameter[site - base];
  const isLiteral = kind === Kind.object;
  return {
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
  if (typeof object === "function" || isProxy(object)) return contents;
  const shape = shapeOf(object);
  const isContainer = isArray(object) || isMap(object) || isSet(object);
  if (!isContainer && !shape.isPlain) return contents; // nothing of it can grow
  contents.size = sizeNow(object, shape, made);
  if (isArray(object)) addElements(object, contents, seen);
  else if (isMap(object)) addMap(object, contents, seen);
  else if (isSet(object)) addSet(object, contents, seen);
  else addProperties(object, ownKeys(object), contents, seen);
  return contents;
}

function sizeNow(object: object, shape: Shape, made: Made): number {
  if (isArray(object)) {
    const { length } = object;
    if (length !== made.length) return sizes.grownArray(made.length, length);
    return made.isConstant ? sizes.constantArray(length) : sizes.array(length);
  }
  if (made.isLiteral) return sizes.grownObject(made.length, ownKeys(object).length);
  return (shape.measureNow ?? shape.measure)(object);
}

/** The bytes outside the heap that a buffer holds now: it may have been resized, or transferred. */
export function backingContentsOf(object: object): Contents {
  const backing = isProxy(object) ? null : (shapeOf(object).backing?.(object) ?? null);
  return { size: backing?.size ?? 0, strings: 0 };
}

function isMap(object: object): object is Map<unknown, unknown> {
  return hasInside(mapSize, object);
}

function isSet(object: object): object is Set<unknown> {
  return hasInside(setSize, object);
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
