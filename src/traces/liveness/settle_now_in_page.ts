// Browser compatible.

// Takes the place of `settle_now.ts` in what bundlers make for pages: nobody searches their heap.
import { letGoOfLast } from "../../track/objects/stamp.ts";
import { garbageCollector } from "./garbage_collector.ts";

/** Collects garbage where the browser was started to let us. Whether all is settled: finalizers have not run. */
export function settleNow(): boolean {
  letGoOfLast();
  garbageCollector()?.();
  return false;
}
