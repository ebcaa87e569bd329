// Browser compatible.

/**
 * Sampling by bytes: how many bytes may go by until the next sample, of blocks whose size is known at once. 0 in the other modes, and
 * where the recorder wants to see the next one.
 */
export const spareBytes: Int32Array = new Int32Array(3);

// What else is in it.

/** Not 0: what built-in functions give is counted down before anything is asked about it. */
export const COUNTS_FIRST = 1;
/** What the last constructor was to be counted down for that was not: in bytes, a power of two. */
export const CONSTRUCTOR_COST = 2;

/** What a string counts for besides its characters, in bytes: near enough to what it takes. */
export const STRING_HEADER = 16;
