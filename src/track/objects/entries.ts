// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import type { Holder } from "./initial_contents.ts";
import { isProxy } from "./is_proxy.ts";
import { sizeOfMap, sizeOfSet } from "./shape.ts";

/** How many keys are of which kind. No key's value is told. */
export type KeyKinds = Readonly<Partial<Record<KeyKind, number>>>;

/** A date as text is one that begins as ISO 8601 has it; a number as text has digits only. */
export type KeyKind =
  | "numbers"
  | "strings"
  | "numbers as text"
  | "dates"
  | "dates as text"
  | "objects"
  | "others";

/** Keys that are looked at one by one; of more, every so many-th stands for the others. */
const LOOKED_AT = 4096;

const { apply, ownKeys } = Reflect;
const { isArray } = Array;
const { ceil, max, min } = Math;
const { getOwnPropertyDescriptor } = Object;
const { test } = RegExp.prototype;
const { getTime } = Date.prototype;
const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]|$)/;
const DIGITS = /^\d{1,20}$/;
/** As long as a date with its time, fractions and zone. */
const LONGEST_READ = 40;

/** How many entries a container has now. Runs no code of the program's. */
export function entriesOf(object: object, holder: Holder): number {
  if (holder === "Map") return sizeOfMap(object) ?? 0;
  if (holder === "Set") return sizeOfSet(object) ?? 0;
  if (holder === "Array") return (object as readonly unknown[]).length;
  return holder === "properties" && !isProxy(object) ? ownKeys(object).length : 0;
}

/**
 * The kinds of a Map's or an object's keys, of a Set's or an array's values. Runs no code of the program's.
 *
 * @param answers Tells which strings have not been read since they were put together. A look at their text would make them flat: the program would have
 * other memory for having been looked at.
 */
export function keyKindsOf(object: object, answers: Pick<V8Answers, "isFlat"> | null): KeyKinds {
  const kinds: Partial<Record<KeyKind, number>> = {};
  const entries = sizeOfMap(object);
  const values = sizeOfSet(object);
  const list = isArray(object) ? object : ownKeys(object);
  const length = entries ?? values ?? list.length;
  const stride = max(1, ceil(length / LOOKED_AT));
  const note = (value: unknown): void => {
    const kind = kindOf(value, answers);
    kinds[kind] = min(length, (kinds[kind] ?? 0) + stride);
  };
  let at = 0;
  const noteSome = (value: unknown): void => {
    if (at++ % stride === 0) note(value);
  };
  if (entries !== undefined) apply(forEachOfMap, object, [(_: unknown, key: unknown) => noteSome(key)]);
  else if (values !== undefined) apply(forEachOfSet, object, [noteSome]);
  // An element can be an accessor; a hole must not be looked for in the prototype.
  else for (let i = 0; i < length; i += stride) note(getOwnPropertyDescriptor(list, i)?.value);
  return kinds;
}

function kindOf(key: unknown, answers: Pick<V8Answers, "isFlat"> | null): KeyKind {
  if (typeof key === "number" || typeof key === "bigint") return "numbers";
  if (typeof key === "string") {
    if (key.length > LONGEST_READ || !(answers?.isFlat(key) ?? true)) return "strings";
    if (apply(test, DATE, [key]) as boolean) return "dates as text";
    return (apply(test, DIGITS, [key]) as boolean) ? "numbers as text" : "strings";
  }
  if ((typeof key !== "object" && typeof key !== "function") || key === null) return "others";
  return isDate(key) ? "dates" : "objects";
}

function isDate(object: object): boolean {
  try {
    apply(getTime, object, []);
    return true;
  } catch {
    return false;
  }
}
