// Browser compatible.

// Takes the place of `advice.ts` in what bundlers make for pages.

/** Where no instrumented code has reported: how a page comes by some. */
export function whyNothing(): string {
  return "no instrumented code has been loaded, so nothing can be traced yet; build the page with one of the tracemalloc/unplugin plugins";
}
