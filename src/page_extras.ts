// Browser compatible.

// What a page fetches when it does what most pages do not: one file, as each has its price.
export { collect } from "./collect_garbage.ts";
export { download } from "./download.ts";
export { checkStartOptions } from "./start_options.ts";
export { crowdedGrowth } from "./traces/crowded_growth.ts";
export { warnUninstrumented } from "./uninstrumented.ts";
