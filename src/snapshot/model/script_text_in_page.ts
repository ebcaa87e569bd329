// Browser compatible.
import type { ScriptText } from "./script_text.ts";

/** Takes the place of `script_text.ts` in what bundlers make for pages, where there are no files. */
export function readScript(_filename: string): ScriptText | undefined {
  return undefined;
}
