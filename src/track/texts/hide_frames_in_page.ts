// Browser compatible.

// Takes the place of `hide_frames.ts` in what bundlers make for pages: a file that holds the program too tells no frame apart.

/** Leaves the error as it is. */
export function hideFrames(): void {}

/** Throws the error. */
export function throwAgain(error: unknown): never {
  throw error;
}
