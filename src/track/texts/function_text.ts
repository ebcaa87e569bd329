// Browser compatible.

// What `file_registry.ts` does about the text of functions. In pages, `function_text_in_page.ts` takes its place ("browser" of
// package.json).
import { installFunctionToString } from "./function_to_string.ts";

/** From here on functions give their original text. */
export function restoreFunctionText(): void {
  installFunctionToString();
}
