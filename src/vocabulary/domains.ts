// Browser compatible.

// Domains of blocks. Constants, not an object: bundlers put the numbers in their places.

/** Objects on the heap. */
export const DOMAIN_HEAP = 0;
/** Bytes outside it. */
export const DOMAIN_EXTERNAL = 1;
export const DOMAIN_STRING = 2;
