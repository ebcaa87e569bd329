// Browser compatible.

// What a session keeps of each site, side by side: an allocation touches one or two cache lines. Constants, not an object, in
// a file of nothing else: bundlers put the numbers in their places.

/** Bytes of a block where the site alone tells, or one of the marks below. */
export const CELL_SIZE = 0;
/** The path of the last block, + 1; 0: none yet. */
export const CELL_PATH = 1;
/** Its row. */
export const CELL_ROW = 2;
/** Blocks up to and including the next one that the sampler is asked about. */
export const CELL_LEFT = 3;
/** How many of the last blocks were of one type and size. */
export const CELL_UNIFORM_RUN = 4;
/** The type and size that the site is uniform in, + 1. */
export const CELL_VARIANT = 5;
/** How many were prepaid: see `track/calls/prepaid.ts`. */
export const CELL_PREPAID = 6;
/** A power of two: 32 bytes a site. */
export const CELLS_PER_SITE = 8;

/** `CELL_SIZE`, which is 0 until it has been looked up: has to be asked of the object. */
export const MEASURED: number = -1;
/** `CELL_SIZE`, added: closures hang on the literal. */
export const WITH_MEMBERS: number = 1 << 30;

/** `CELL_UNIFORM_RUN`: from here on a sampled site's blocks are taken to be like the last one, but for those followed. */
export const UNIFORM_AFTER = 512;
