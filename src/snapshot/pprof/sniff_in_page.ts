// Browser compatible.

// Takes the place of `sniff.ts` in what bundlers make for pages, which read what they have written.

/** Knows no other format. */
export function foreignFormat(): undefined {}
