// Browser compatible.

// Takes the place of `advice.ts` in what bundlers make for pages.

/** Where no instrumented code has reported: how a page comes by some; null where some is still to be loaded. */
export function whyNothing(): string | null {
  if (Symbol.for("tracemalloc.registered") in globalThis) return null;
  return "no instrumented code has been loaded, so nothing can be traced yet; build the page with one of the tracemalloc/unplugin plugins";
}
