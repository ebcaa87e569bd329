// Browser compatible.
// Takes the place of `program_labels.ts` in what bundlers make for pages: no program of theirs has labels.

/** There are none. */
export function labelNumbers(): readonly never[] {
  return [];
}

/** Writes none. */
export function writeLabels(): void {}

/** Notes none. */
export function noteLabel(): void {}
