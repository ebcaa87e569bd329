// Browser compatible.
import { formatCount } from "../../statistics/format_count.ts";

/** A number of blocks. */
export { formatCount as blocks } from "../../statistics/format_count.ts";

/** `1 block`, `39,328 blocks`. */
export function blocksText(count: number): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? "block" : "blocks"}`;
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
