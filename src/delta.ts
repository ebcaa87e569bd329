// Browser compatible.

// For servers, which alone tell differences: `tracing.ts` is what pages load.
export { deltaProfile } from "./snapshot/merge/delta.ts";
