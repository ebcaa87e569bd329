// Browser compatible.

import { append, OwnInt32Array } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";
import type { BuiltinRecorder } from "../calls/recorder.ts";
import { sizes } from "../sizes/size.ts";
import { isProxy } from "./is_proxy.ts";

const { round } = Math;

/** Where the objects are charged to. */
export interface Place {
  readonly path: number;
  readonly site: number;
}

/**
 * Values that are looked at one by one: a document of some 2 MB. What is beyond is estimated, so that counting never
 * takes longer than a few milliseconds.
 */
export const LOOKED_AT: number = 1 << 16;

const { isArray } = Array;
const { getPrototypeOf } = Object;
const keysOf = Object.keys;
const valuesOf = Object.values;
const getDescriptor = Object.getOwnPropertyDescriptor;
const { apply } = Reflect;
const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;
const ObjectPrototype: object = Object.prototype;
const MapPrototype: object = Map.prototype;
const SetPrototype: object = Set.prototype;

/** An object on the way down, and how far its children have been looked at. */
interface Level {
  readonly children: readonly unknown[] | Readonly<Record<string, unknown>>;
  /** Keys of the children; null for those of an array. */
  readonly keys: readonly string[] | null;
  readonly length: number;
  next: number;
  /** Bytes that had been counted when its first child's turn came. */
  readonly before: number;
  readonly outer: Level | null;
}

/**
 * Reports a new object with all that hangs on it: plain arrays and objects, Maps and Sets. The first `LOOKED_AT` values
 * are counted one by one. For the rest the bytes of siblings are scaled up, level by level, and counted as one block that
 * lives as long as the root.
 *
 * @param isPure Nobody but the engine had a hand in it: a tree of data properties.
 * @param isParsed It comes from text: each object is new, and stands in one place.
 */
export function recordTree(
  recorder: BuiltinRecorder,
  root: unknown,
  place: Place,
  { isPure, isParsed }: { isPure: boolean; isParsed: boolean },
): void {
  const { path, site } = place;
  if (typeof root !== "object" || root === null) {
    recorder.builtinResult(root, path, site);
    return;
  }
  // Linked, not a list: adding to an array where a program cannot see it takes 100 ns.
  let innermost: Level | null = null;
  // What structuredClone gives can have cycles.
  const seen = isParsed ? null : new SafeSet<object>();
  let bytes = 0;
  let left = LOOKED_AT;
  const visit = (value: object): void => {
    const parsed = isParsed ? childrenOfParsed(value) : null;
    bytes += parsed === null ? report(recorder, value, place) : reportParsed(recorder, value, parsed, place);
    const level = parsed === null ? childrenOf(value, bytes, innermost) : listOf(parsed, bytes, innermost);
    if (level !== null && level.length > 0) innermost = level;
  };
  if (isParsed) for (let i = 0; i < ROWS; i++) rows[i] = 0;
  seen?.add(root);
  visit(root);
  // A function assigns it, which the compiler does not follow.
  for (let level = innermost as Level | null; level !== null && left > 0; level = innermost) {
    if (level.next === level.length) {
      innermost = level.outer;
      continue;
    }
    left--;
    const child = childAt(level, level.next++, isPure);
    if (typeof child !== "object" || child === null) continue;
    if (seen !== null) {
      if (seen.has(child)) continue;
      seen.add(child);
    }
    visit(child);
  }
  const rest = estimate(innermost, bytes) - bytes;
  if (rest >= 1) recorder.builtinBytes(root, path, site, round(rest));
}

/** All bytes, if the children that are left are like those that were seen: the innermost level first. */
function estimate(innermost: Level | null, bytes: number): number {
  let total = bytes;
  for (let level = innermost; level !== null; level = level.outer) {
    const { next, length, before } = level;
    if (next > 0) total += ((total - before) / next) * (length - next);
  }
  return total;
}

/** Counts one object. Gives its bytes, as far as they matter to an estimate. */
function report(recorder: BuiltinRecorder, value: object, { path, site }: Place): number {
  if (isProxy(value)) recorder.builtinResult(value, path, site);
  else if (isArray(value)) {
    const size = sizes.array(value.length);
    recorder.builtinObject(value, path, site, { type: "Array", size });
    return size;
  } else if (getPrototypeOf(value) === ObjectPrototype) {
    const size = sizes.copiedObject(keysOf(value).length);
    recorder.builtinObject(value, path, site, { type: "Object", size });
    return size;
  } else recorder.builtinResult(value, path, site);
  return sizes.boxed;
}

/** What comes from text is arrays and plain objects. Their values at once: to ask for each by its name takes twice as long. */
function childrenOfParsed(value: object): readonly unknown[] {
  return isArray(value) ? value : valuesOf(value);
}

/** Of the present text, what `rowFor` gave for arrays and objects of so many children, + 1: it takes three look-ups in tables. */
const ROWS = 256;
const rows = new OwnInt32Array(ROWS);

function reportParsed(
  recorder: BuiltinRecorder,
  value: object,
  { length }: readonly unknown[],
  place: Place,
): number {
  const isList = isArray(value);
  const size = isList ? sizes.array(length) : sizes.copiedObject(length);
  const type = isList ? "Array" : "Object";
  // Longer ones are few. A program can see the length of a typed array being read.
  const at = length < 128 ? 2 * length + (isList ? 1 : 0) : -1;
  let row = at === -1 ? -1 : rows[at] - 1;
  if (row === -1) {
    row = recorder.rowFor(place, type, size);
    if (at !== -1) rows[at] = row + 1;
  }
  recorder.builtinBlock(value, place.site, row);
  return size;
}

function listOf(children: readonly unknown[], before: number, outer: Level | null): Level {
  return { children, keys: null, length: children.length, next: 0, before, outer };
}

function childrenOf(value: object, before: number, outer: Level | null): Level | null {
  if (isProxy(value)) return null;
  if (isArray(value)) return listOf(value, before, outer);
  const prototype = getPrototypeOf(value);
  if (prototype === ObjectPrototype) {
    const keys = keysOf(value);
    return { children: value as Record<string, unknown>, keys, length: keys.length, next: 0, before, outer };
  }
  if (prototype !== MapPrototype && prototype !== SetPrototype) return null;
  const children: unknown[] = [];
  const add = (child: unknown, key: unknown): void => {
    if (children.length >= LOOKED_AT) return;
    append(children, child);
    if (prototype === MapPrototype) append(children, key);
  };
  try {
    apply(prototype === MapPrototype ? forEachOfMap : forEachOfSet, value, [add]);
  } catch {
    return null; // only looks like one
  }
  return listOf(children, before, outer);
}

function childAt({ children, keys }: Level, index: number, isPure: boolean): unknown {
  const key = keys === null ? index : keys[index];
  return isPure ? (children as Record<PropertyKey, unknown>)[key] : getDescriptor(children, key)?.value;
}
