// Browser compatible.

/**
 * Above 0 while the tracker itself is at work: what built-in functions allocate then is not the program's, and tables
 * that are being changed must not be asked to take a block. Counted up before a `try` and down in its `finally`, without
 * a call, which near the end of the engine's stack could fail.
 */
export const quiet: {
  depth: number;
  /** See `intrinsics.ts`; pages have none. */
  restore?: () => (() => void) | null;
} = { depth: 0 };
