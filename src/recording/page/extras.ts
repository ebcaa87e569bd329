// Browser compatible.

export { thinnedGrowth } from "../../traces/growth/thinned_growth.ts";
export { checkStartOptions } from "../../vocabulary/start_options.ts";
// What a page fetches when it does what most pages do not: one file, as each has its price.
export { collect } from "../collect_garbage.ts";
export { warnUninstrumented } from "../uninstrumented.ts";
export { download } from "./download.ts";
