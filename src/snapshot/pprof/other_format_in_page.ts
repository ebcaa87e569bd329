// Browser compatible.

// Takes the place of `other_format.ts` in what bundlers make for pages: what is none of ours fails as that.

/** Knows no other format. */
export function decodeOther(): undefined {}
