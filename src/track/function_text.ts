// Browser compatible.

// What `hub.ts` does about the text of functions. In pages, `function_text_page.ts` takes its place ("browser" of
// package.json).
import { installFunctionToString } from "./function_to_string.ts";

/** From here on functions give their original text. */
export function restoreFunctionText(): void {
  installFunctionToString();
}
