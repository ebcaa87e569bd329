// Browser compatible.

/** Sites that can count for themselves: 1 MiB, of which only the pages are touched that are used. */
export const PREPAID_SITES: number = 1 << 18;

/**
 * Of each site, how many of its next objects are like the last one and need nothing but being counted: the recorder has
 * counted them in advance, and takes back what is left (`traces/site_budget.ts`). To count one here, inlined, takes a load
 * and a store, where a call of the recorder takes 5 to 10 ns. Slot 0 is no site: not 0 while the recorder wants to see the
 * next object that may be new.
 */
export const prepaid: Int32Array = new Int32Array(PREPAID_SITES);

/** The slot that is no site. */
export const REPORT_EXPECTED = 0;
