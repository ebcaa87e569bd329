// Browser compatible.
import { decodeInto, encodeNumbers } from "../../tables/vlq.ts";

/**
 * A value with its columns of integers as texts, which take half of the room, and which JSON.parse takes over as they
 * are: a page makes numbers only of the columns that it looks at.
 */
export type Packed<T> = T extends readonly number[]
  ? string | readonly number[]
  : T extends object
    ? { readonly [K in keyof T]: Packed<T[K]> }
    : T;

/** Differences of such numbers, with a bit for their sign, are exact. */
const LARGEST = 2 ** 50;

/** What stands for a packed column; `path` says where it is: `tree.parent`. */
type Put = (text: string, path: string) => string;

/** Packs every column of integers that `value` holds; it must hold no texts of its own. */
export function pack<T>(value: T, put: Put = (text) => text, path = ""): Packed<T> {
  if (isColumn(value)) return put(packColumn(value), path) as Packed<T>;
  const inner = (one: unknown, key: string | number): unknown =>
    pack(one, put, path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.map(inner) as Packed<T>;
  if (typeof value !== "object" || value === null) return value as Packed<T>;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one, key)])) as Packed<T>;
}

/** What was packed; a column becomes numbers when it is first looked at, and `textOf` what stands for it. */
export function unpack<T>(packed: Packed<T>, textOf: (put: string) => string = (text) => text): T {
  if (typeof packed !== "object" || packed === null) return packed as T;
  const value: object = Array.isArray(packed) ? [] : {};
  for (const [key, one] of Object.entries(packed)) {
    if (typeof one === "string") defineLazily(value, key, () => unpackColumn(textOf(one)));
    else Object.defineProperty(value, key, { value: unpack(one, textOf), enumerable: true });
  }
  return value as T;
}

/** Gives an object a property that is made when it is first asked for. */
export function defineLazily(object: object, key: string, make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(object, key, { get: () => (made ??= make()), enumerable: true });
}

function isColumn(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((one) => Number.isInteger(one) && Math.abs(one as number) <= LARGEST)
  );
}

/** Differences to the number before. */
function packColumn(column: readonly number[]): string {
  return encodeNumbers(column.map((value, i) => (i === 0 ? value : value - column[i - 1]!)));
}

function unpackColumn(text: string): number[] {
  const column: number[] = [];
  if (decodeInto(text, column) < 0) throw new RangeError("a packed column must be VLQ numbers");
  let last = 0;
  for (let i = 0; i < column.length; i++) {
    last += column[i]!;
    column[i] = last;
  }
  return column;
}
