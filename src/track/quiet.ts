// Browser compatible.

/**
 * Above 0 while the tracker itself is at work: what built-in functions allocate then is not the program's, and tables
 * that are being changed must not be asked to take a block. Counted up before a `try` and down in its `finally`, without
 * a call, which near the end of the engine's stack could fail.
 */
export const quiet: { depth: number } = { depth: 0 };

/** Runs the tracker's own work. */
export function quietly<T>(work: () => T): T {
  quiet.depth++;
  try {
    return work();
  } finally {
    quiet.depth--;
  }
}
