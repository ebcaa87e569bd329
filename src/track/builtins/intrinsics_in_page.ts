// Browser compatible.

// Takes the place of `intrinsics.ts` in what bundlers make for pages: it would be a tenth of what records.

/** In pages, snapshots ask whatever built-ins the page has then. */
export function restoreWhenQuiet(): void {}

/** Nobody asks. */
export function hasReplacedBuiltins(): boolean {
  return false;
}
