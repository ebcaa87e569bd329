// Browser compatible.

// Takes the place of `text_coding.ts` in what bundlers make for pages, which all have both classes.
import { once } from "../../tables/once.ts";

/** Text to UTF-8. */
export const encoder: () => TextEncoder = once(() => new TextEncoder());

/** UTF-8 to text. */
export function newDecoder(options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean }): TextDecoder {
  return new TextDecoder("utf-8", options);
}
