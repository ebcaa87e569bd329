// Browser compatible.
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/**
 * A number of bytes, or a text such as `"512 KiB"`, as a number of bytes.
 *
 * @param value A number, 0 or more; or a number and a unit: B, kB, MB, GB, KiB, MiB, GiB.
 * @param name What the value is, for the message.
 * @throws {TypeError} when it is neither.
 * @throws {RangeError} when it is no size.
 *
 * @example
 * ```ts ignore
 * parseBytes("1.5 KiB", "max"); // 1536
 * ```
 */
export function parseBytes(value: number | string, name: string): number {
  const allowed = `a number of bytes, or a text such as "512 KiB" (${Object.keys(UNITS).join(", ")})`;
  if (typeof value === "number") {
    if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    throw new RangeError(`${name} must be ${allowed}, got ${value}`);
  }
  if (typeof value !== "string") throw new TypeError(`${name} must be ${allowed}, got ${typeof value}`);
  const [, digits, unit = "B"] = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*([A-Za-z]+)?\s*$/.exec(value) ?? [];
  if (digits === undefined || !Object.hasOwn(UNITS, unit)) {
    throw new RangeError(`${name} must be ${allowed}, got ${JSON.stringify(value.slice(0, 40))}`);
  }
  return Number(digits) * UNITS[unit]!;
}
