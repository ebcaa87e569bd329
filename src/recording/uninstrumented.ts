// Browser compatible.

import { registeredFiles } from "../track/calls/file_registry.ts";
import { warn } from "../vocabulary/warn.ts";
import { howToInstrument } from "./advice.ts";

const REGISTERED = Symbol.for("tracemalloc.registered");
let hasWarned = false;

/** For a `start()` where nothing was instrumented: says so once, with the line to add. */
export function warnUninstrumented(): void {
  if (registeredFiles() > 0 || hasWarned || REGISTERED in globalThis) return;
  hasWarned = true;
  warn(`no instrumented code has been loaded, so nothing can be traced yet; ${howToInstrument()}`);
}
