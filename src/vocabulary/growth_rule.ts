// Browser compatible.

/** When live memory has grown so much that a snapshot is worth writing. */
export interface GrowthRule {
  /** By how much more than the least of the window: 0.2 is a fifth. */
  readonly share: number;
  /** Seconds that are looked back. */
  readonly window: number;
}

/** What the option takes, for messages. */
export const ON_GROWTH =
  "a percentage from 1% to 10000%, and the seconds to look back after a slash: 20% or 20%/300";

const DEFAULT_WINDOW = 300;

/** `20%`, `20%/600`; null where it is neither. */
export function readGrowthRule(text: string): GrowthRule | null {
  const [, percent, seconds = String(DEFAULT_WINDOW)] =
    /^(\d{1,5}(?:\.\d{1,3})?)%(?:\/(\d{1,6}(?:\.\d{1,3})?))?$/.exec(text) ?? [];
  const share = Number(percent) / 100;
  const window = Number(seconds);
  if (!(share >= 0.01 && share <= 100 && window >= 1 && window <= 86_400)) return null;
  return { share, window };
}
