// Browser compatible.

/**
 * Labels for what a program allocates: which route, tenant or job it was for.
 *
 * @module
 */

export { withLabels } from "./recording/with_labels.ts";
export type { Labels } from "./traces/labels/labels.ts";
