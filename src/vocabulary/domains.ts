// Browser compatible.

// Domains of blocks. Constants, not an object: bundlers put the numbers in their places.

/** Objects on the heap. */
export const DOMAIN_HEAP = 0;
/** Bytes outside it. */
export const DOMAIN_EXTERNAL = 1;
export const DOMAIN_STRING = 2;
/** Timers that have yet to run. */
export const DOMAIN_TIMER = 3;
/** Listeners of emitters and event targets. */
export const DOMAIN_LISTENER = 4;
/** Async calls and generators that are suspended. */
export const DOMAIN_SUSPENDED = 5;
/** Domains of the user's own begin here; those between are for what the tracker itself may come to know. */
export const FIRST_USER_DOMAIN = 16;
