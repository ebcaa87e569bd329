// Browser compatible.

/**
 * Bounds on what a file may hold. They are far above any real snapshot, and low enough that a hostile file fails
 * with an error instead of exhausting memory: all tables together stay below about 4 GiB.
 */

/** Bytes of a file, and of a profile once decompressed: 1 GiB. Keeps every offset within 31 bits. */
export const MAX_BYTES: number = 2 ** 30;
/** Samples (rows of the snapshot). */
export const MAX_SAMPLES: number = 2 ** 24;
/** Strings, functions, mappings, locations, and lines of locations, each. A `Map` holds no more than 2^24 entries on V8. */
export const MAX_ENTRIES: number = 2 ** 23;
/** Frames over all distinct tracebacks, after inlined lines are unfolded. */
export const MAX_TRACEBACK_FRAMES: number = 2 ** 27;
/** Bytes of one string. Engines refuse strings of 2^29 characters and more. */
export const MAX_STRING_BYTES: number = 2 ** 28;
