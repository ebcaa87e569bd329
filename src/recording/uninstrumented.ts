// Browser compatible.

import { registeredFiles } from "../track/calls/file_registry.ts";
import { warn } from "../vocabulary/warn.ts";
import { whyNothing } from "./advice.ts";

let hasWarned = false;

/** For a `start()` where nothing was instrumented: says so once, with what to do. */
export function warnUninstrumented(): void {
  if (registeredFiles() > 0 || hasWarned) return;
  const reason = whyNothing();
  if (reason === null) return;
  hasWarned = true;
  warn(reason);
}
