// Browser compatible.

import { once } from "../../tables/once.ts";
import { KIND_ARRAY, KIND_OBJECT } from "../../vocabulary/kind_numbers.ts";
import type { Kind } from "../../vocabulary/kinds.ts";
import { sitesAround } from "../calls/file_registry.ts";
import { type GrownSizes, sizes } from "../sizes/size.ts";
import { grownSizes } from "../sizes/size_grown.ts";
import { bytesOf, isSmallInteger } from "../sizes/size_primitives.ts";
import type { InitialContents } from "./initial_contents.ts";
import { isProxy } from "./is_proxy.ts";
import { shapeOf, sizeOfMap, sizeOfSet } from "./shape.ts";

const { ceil, max } = Math;

/** What an object takes now, as opposed to when it was allocated. */
export interface Contents {
  /** Bytes of the object itself with its tables, and of the numbers it holds. */
  size: number;
  /** Bytes of the strings that it holds directly. */
  strings: number;
}

const getDescriptor = Object.getOwnPropertyDescriptor;
const ownKeys = Reflect.ownKeys;
const { apply } = Reflect;
const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;

/** Elements that are looked at one by one; of a longer container every so many-th stands for the rest. */
const LOOKED_AT = 1 << 14;

/** Each string is counted for the first object that is found to hold it. */
export interface SeenStrings {
  has(text: string): boolean;
  add(text: string): unknown;
}

/**
 * Measures a live object again: containers grow after they were allocated, by whatever code. Runs no code of the
 * program: accessors are not called, proxies not asked.
 */
export function contentsOf(
  object: object,
  seen: SeenStrings,
  { initial, site }: { initial: InitialContents; site: number },
): Contents {
  const contents: Contents = { size: 0, strings: 0 };
  switch (initial.holder) {
    case "store":
      contents.size = backingSizeOf(object);
      break;
    case "Array":
      contents.size = arraySizeNow((object as readonly unknown[]).length, initial.length, site);
      addElements(object as readonly unknown[], contents, seen);
      break;
    case "Map":
      contents.size = sizes.map(sizeOfMap(object)!);
      addMap(object as Map<unknown, unknown>, contents, seen);
      break;
    case "Set":
      contents.size = sizes.set(sizeOfSet(object)!);
      addSet(object as Set<unknown>, contents, seen);
      break;
    case "properties": {
      const keys = ownKeys(object);
      const written = propertiesWritten(site);
      contents.size =
        written === null ? shapeSizeNow(object) : sizesOfGrown().grownObject(written, keys.length);
      addProperties(object, keys, contents, seen);
    }
  }
  return contents;
}

/** What the engine's model says of objects that have grown. Not when this is loaded: the engine's model may be yet to come. */
export const sizesOfGrown: () => GrownSizes = once(() => grownSizes(sizes));

/** Site 0: no instrumented code was on the stack. */
export function parameterOf(site: number, kind: Kind): number | null {
  if (site === 0) return null;
  const { base, sites } = sitesAround(site);
  return sites.kind[site - base] === kind ? sites.parameter[site - base] : null;
}

/** The properties that a literal has in the source; null: it is none. */
export function propertiesWritten(site: number): number | null {
  return parameterOf(site, KIND_OBJECT);
}

/** An array's present size. */
export function arraySizeNow(length: number, initial: number, site: number): number {
  if (length !== initial) return sizesOfGrown().grownArray(initial, length);
  // An array of constants shares its elements with the code.
  return (parameterOf(site, KIND_ARRAY) ?? 0) < 0 ? sizes.constantArray(length) : sizes.array(length);
}

/** The present size of what has nothing but properties. */
export function shapeSizeNow(object: object): number {
  const shape = shapeOf(object);
  return shape.measureNow(object);
}

/** The bytes outside the heap that a buffer holds now: it may have been resized, or transferred. */
export function backingSizeOf(object: object): number {
  return isProxy(object) ? 0 : (shapeOf(object).backing?.(object)?.size ?? 0);
}

export function add(value: unknown, weight: number, contents: Contents, seen: SeenStrings): void {
  if (typeof value === "string") {
    if (value.length === 0 || seen.has(value)) return;
    seen.add(value);
    contents.strings += sizes.flatString(bytesOf(value)) * weight;
  } else if (typeof value === "number") {
    if (!isSmallInteger(value, sizes.integerBits)) contents.size += sizes.boxedNumber * weight;
  } else if (typeof value === "bigint") contents.size += 24 * weight;
}

/** Of so many, every how many-th is looked at. */
export function strideOf(length: number): number {
  return max(1, ceil(length / LOOKED_AT));
}

export function addElements(array: readonly unknown[], contents: Contents, seen: SeenStrings): void {
  const stride = strideOf(array.length);
  for (let i = 0; i < array.length; i += stride) {
    // An element can be an accessor too; a hole must not be looked for in the prototype.
    const value: unknown = getDescriptor(array, i)?.value;
    // Doubles lie in the array itself, unboxed, as long as all elements are numbers.
    if (typeof value !== "number") add(value, stride, contents, seen);
  }
}

export function addMap(map: Map<unknown, unknown>, contents: Contents, seen: SeenStrings): void {
  const stride = strideOf(sizeOfMap(map)!);
  let i = 0;
  apply(forEachOfMap, map, [
    (value: unknown, key: unknown) => {
      if (i++ % stride !== 0) return;
      add(key, stride, contents, seen);
      add(value, stride, contents, seen);
    },
  ]);
}

export function addSet(set: Set<unknown>, contents: Contents, seen: SeenStrings): void {
  const stride = strideOf(sizeOfSet(set)!);
  let i = 0;
  apply(forEachOfSet, set, [
    (value: unknown) => {
      if (i++ % stride === 0) add(value, stride, contents, seen);
    },
  ]);
}

export function addProperties(
  object: object,
  keys: readonly (string | symbol)[],
  contents: Contents,
  seen: SeenStrings,
): void {
  const stride = strideOf(keys.length);
  for (let i = 0; i < keys.length; i += stride) {
    add(getDescriptor(object, keys[i])?.value, stride, contents, seen);
  }
}
