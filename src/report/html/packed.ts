// Browser compatible.

/**
 * A value with its columns of integers as texts, which take half of the room, and which JSON.parse takes over as they
 * are: a page makes numbers only of the columns that it looks at.
 */
export type Packed<T> = T extends readonly number[]
  ? string | readonly number[]
  : T extends object
    ? { readonly [K in keyof T]: Packed<T[K]> }
    : T;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const DIGIT_OF: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, DIGITS.indexOf(String.fromCharCode(code))),
);
/** The digits of a number but its last have this bit. */
const MORE = 32;
/** Differences of such numbers, with a bit for their sign, are exact. */
const LARGEST = 2 ** 50;

/** Packs every column of integers that `value` holds; it must hold no texts of its own. */
export function pack<T>(value: T): Packed<T> {
  if (isColumn(value)) return packColumn(value) as Packed<T>;
  if (Array.isArray(value)) return value.map((one: unknown) => pack(one)) as Packed<T>;
  if (typeof value !== "object" || value === null) return value as Packed<T>;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack<unknown>(one)])) as Packed<T>;
}

/** What was packed; a column becomes numbers when it is first looked at. */
export function unpack<T>(packed: Packed<T>): T {
  if (typeof packed !== "object" || packed === null) return packed as T;
  const value: object = Array.isArray(packed) ? [] : {};
  for (const [key, one] of Object.entries(packed)) {
    let known: unknown = typeof one === "string" ? undefined : unpack(one);
    const get = (): unknown => (known === undefined ? (known = unpackColumn(one as string)) : known);
    Object.defineProperty(value, key, { get, enumerable: true });
  }
  return value as T;
}

function isColumn(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((one) => Number.isInteger(one) && Math.abs(one as number) <= LARGEST)
  );
}

/** Differences to the number before, as in source maps: digits of five bits, the lowest first, its lowest bit the sign. */
function packColumn(column: readonly number[]): string {
  const texts: string[] = [];
  let last = 0;
  for (const value of column) {
    const difference = value - last;
    last = value;
    let rest = difference < 0 ? -2 * difference + 1 : 2 * difference;
    while (rest >= MORE) {
      texts.push(DIGITS[MORE + (rest % MORE)]);
      rest = Math.floor(rest / MORE);
    }
    texts.push(DIGITS[rest]);
  }
  return texts.join("");
}

function unpackColumn(text: string): number[] {
  const column: number[] = [];
  let last = 0;
  let number = 0;
  let scale = 1;
  for (let at = 0; at < text.length; at++) {
    const digit = DIGIT_OF[text.charCodeAt(at) & 127];
    number += (digit & (MORE - 1)) * scale;
    scale *= MORE;
    if (digit >= MORE) continue;
    const half = Math.floor(number / 2);
    last += number % 2 === 1 ? -half : half;
    column.push(last);
    number = 0;
    scale = 1;
  }
  return column;
}
