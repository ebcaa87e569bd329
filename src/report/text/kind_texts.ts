// Browser compatible.
import type { KindCount, KindDiff } from "../views/resource_counts.ts";
import { blocks, blocksText, signedCount } from "./units.ts";

/** `1,500 objects, 1,500 listeners`. */
export function kindsText(kinds: readonly KindCount[]): string {
  return kinds
    .map(({ kind, count }) => `${blocks(count)} ${Math.round(count) === 1 ? kind.slice(0, -1) : kind}`)
    .join(", ");
}

/** The same where kinds are told; else `3,000 blocks`. */
export function kindsOrBlocks(kinds: readonly KindCount[] | null, count: number): string {
  return kinds === null ? blocksText(count) : kindsText(kinds);
}

/** `+1500 objects, +1500 listeners`. */
export function kindsGrowth(kinds: readonly KindDiff[]): string {
  return kinds
    .filter(({ countDiff }) => countDiff !== 0)
    .map(
      ({ kind, countDiff }) =>
        `${signedCount(countDiff)} ${Math.abs(Math.round(countDiff)) === 1 ? kind.slice(0, -1) : kind}`,
    )
    .join(", ");
}

/** `objects=1500 (+1500), listeners=1500 (+1500)`: in the place of the count that Python's text has of all. */
export function kindFigures(kinds: readonly KindDiff[]): string {
  return kinds
    .map(({ kind, count, countDiff }) => `${kind}=${Math.round(count)} (${signedCount(countDiff)})`)
    .join(", ");
}
