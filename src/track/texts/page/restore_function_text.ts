// Browser compatible.
// What `function_text_in_page.ts` fetches.

import { files } from "../../calls/file_registry.ts";
import { installFunctionToString } from "../function_to_string.ts";

/** From here on instrumented functions give their original text. (That the file registry is asked keeps the tracker in one file.) */
export function restore(): void {
  if (files.length > 0) installFunctionToString();
}
