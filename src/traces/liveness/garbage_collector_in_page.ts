// Browser compatible.

// Takes the place of `garbage_collector.ts` in what bundlers make for pages.
import type { HostGlobals } from "../../host/host.ts";

/** `globalThis.gc`, which browsers have that were started with `--js-flags=--expose-gc`; else null. */
export function garbageCollector(): (() => void) | null {
  return (globalThis as HostGlobals).gc ?? null;
}
