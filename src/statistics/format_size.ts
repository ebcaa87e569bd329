// Browser compatible.

const UNITS = ["B", "KiB", "MiB", "GiB"];

/**
 * Formats a number of bytes as Python's tracemalloc does: three to five digits and a unit up to TiB.
 *
 * @param size in bytes
 * @param options `sign`: whether numbers from 0 on get a `+`
 *
 * @example Sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatSize(4971520), "4855 KiB");
 * assertEquals(formatSize(10496), "10.2 KiB"); // ties go to the even digit
 * ```
 */
export function formatSize(size: number, options: { readonly sign?: boolean } = {}): string {
  const plus = options.sign && size >= 0 ? "+" : "";
  let scaled = size;
  for (const unit of UNITS) {
    if (Math.abs(scaled) < 100 && unit !== "B") return `${plus}${toFixedHalfEven(scaled, 1)} ${unit}`;
    if (Math.abs(scaled) < 10 * 1024) return `${plus}${toFixedHalfEven(scaled, 0)} ${unit}`;
    scaled /= 1024;
  }
  return `${plus}${toFixedHalfEven(scaled, Math.abs(scaled) < 100 ? 1 : 0)} TiB`;
}

/** Like `toFixed`, but an exact tie goes to the even digit, as in Python's `%.0f` and `%.1f`; no exponents. */
export function toFixedHalfEven(value: number, digits: 0 | 1): string {
  const magnitude = Math.abs(value);
  // From here on toFixed writes exponents, and there are no fractions any more.
  if (magnitude >= 1e21 && Number.isFinite(value)) return `${BigInt(value)}${digits === 1 ? ".0" : ""}`;
  // A tie is exact in binary: an odd number of halves, or of quarters where the tenths round. Both products are exact.
  const isTie = digits === 0 ? magnitude % 1 === 0.5 : magnitude % 0.5 === 0.25;
  if (!isTie) return value.toFixed(digits);
  const scale = digits === 0 ? 1 : 10;
  const below = Math.floor(magnitude * scale);
  const even = below % 2 === 0 ? below : below + 1;
  return `${value < 0 ? "-" : ""}${(even / scale).toFixed(digits)}`;
}
