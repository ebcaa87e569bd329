// Browser compatible.

// A file of nothing else: bundlers put the numbers in their places.

/** Sites that can count for themselves: 1 MiB, of which only the pages are touched that are used. */
export const PREPAID_SITES = 262_144;
/** The slot that is no site: not 0 while the recorder wants to see the next object that may be new. */
export const REPORT_EXPECTED = 0;
