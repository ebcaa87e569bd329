// Browser compatible.
import { toFixedHalfEven } from "../statistics/format_size.ts";

const UNITS = ["KiB", "MiB", "GiB"];

/** Bytes with one decimal, in KiB as the manual's pretty top prints them; from 10 MiB on in MiB, from 10 GiB on in GiB. */
export function binarySize(bytes: number): string {
  let value = bytes / 1024;
  let unit = 0;
  while (Math.abs(value) >= 10 * 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${toFixedHalfEven(value, 1)} ${UNITS[unit]}`;
}

/** A number of blocks with thousands set apart: `39,328`. Estimates are rounded. */
export function blocks(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 block`, `39,328 blocks`. */
export function blocksText(count: number): string {
  return `${blocks(count)} ${Math.round(count) === 1 ? "block" : "blocks"}`;
}

/** A number of blocks with its sign: `+39369`. Estimates are rounded. */
export function signedCount(count: number): string {
  const rounded = Math.round(count);
  return rounded >= 0 ? `+${rounded}` : String(rounded);
}

/** A size that somebody chose, in the largest unit in which it is whole: `1 MiB`, where `formatSize` says `1024 KiB`. */
export function wholeSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value > 0 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value} ${units[unit]}`;
}
