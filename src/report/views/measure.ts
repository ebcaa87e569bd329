// Browser compatible.
import type { Totals } from "../../statistics/group.ts";

/** What is alive, or what was ever allocated, in bytes or in blocks. */
export type Measure = "size" | "count" | "allocated-size" | "allocated-count";

/** Which figure a view is about, by the word that the command line has for it. */
export const MEASURES: Readonly<
  Record<Measure, { readonly column: keyof Totals; readonly isBytes: boolean; readonly name: string }>
> = {
  size: { column: "size", isBytes: true, name: "bytes alive" },
  count: { column: "count", isBytes: false, name: "blocks alive" },
  "allocated-size": { column: "allocatedSize", isBytes: true, name: "bytes allocated" },
  "allocated-count": { column: "allocatedCount", isBytes: false, name: "blocks allocated" },
};
