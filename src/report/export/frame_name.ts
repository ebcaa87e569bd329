// Browser compatible.

import { escapeText } from "../../vocabulary/escape_text.ts";
import type { TreeFrame } from "../call_tree/call_tree.ts";

/** A frame for viewers that show one name: `put cache.ts:41`, function and end of the path. */
export function frameName({ functionName, filename, lineno }: TreeFrame): string {
  const place = `${baseName(filename)}:${lineno}`;
  return escapeText(functionName === "" ? place : `${functionName} ${place}`);
}

/** The last part of a path or a URL, or all of it where that is empty. */
export function baseName(filename: string): string {
  const end = /[^/\\]+$/.exec(filename);
  return end === null ? filename : end[0];
}
