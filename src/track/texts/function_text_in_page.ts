// Browser compatible.

// Takes the place of `function_text.ts` in what bundlers make for pages.

/**
 * Functions give their original text once what knows it has been fetched: that is a third of the tracker, and few pages ask
 * a function for its text. Where it cannot be fetched, nothing else is amiss.
 */
export function restoreFunctionText(): void {
  import("./page/restore_function_text.ts").then(
    (text) => text.restore(),
    () => {},
  );
}
