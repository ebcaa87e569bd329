// Browser compatible.

// Takes the place of `advice.ts` in what bundlers make for pages.

/** How a page comes by instrumented code. */
export function howToInstrument(): string {
  return "build the page with one of the tracemalloc/unplugin plugins";
}
