// Browser compatible.
import { PREPAID_SITES } from "./prepaid_slots.ts";

/**
 * Of each site, how many of its next objects are like the last one and need nothing but being counted: the recorder has
 * counted them in advance, and takes back what is left (`traces/sampling/site_budget.ts`). To count one here, inlined, takes a load
 * and a store, where a call of the recorder takes 5 to 10 ns.
 */
export const prepaid: Int32Array = new Int32Array(PREPAID_SITES);
