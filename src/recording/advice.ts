// Browser compatible.

// In pages, `advice_in_page.ts` takes its place ("browser" of package.json).
import { currentRuntime } from "../host/capabilities.ts";
import { isInPlace } from "../track/calls/file_registry.ts";

const REGISTERED = Symbol.for("tracemalloc.registered");
const OTHER_COPY =
  "the program's code reports to another copy of tracemalloc, which was loaded before this one, so that this one traces nothing; " +
  "a bundle with the package in it has a copy of its own: run it without the preload, or build it with the package external";

/** Where no instrumented code has reported: why not, and what to do about it; null where some is still to be loaded. */
export function whyNothing(): string | null {
  if (!isInPlace()) return OTHER_COPY;
  if (REGISTERED in globalThis) return null;
  return `no instrumented code has been loaded, so nothing can be traced yet; ${howToInstrument()}`;
}

/** How a program is started so that its code is instrumented. */
function howToInstrument(): string {
  switch (currentRuntime()) {
    case "bun":
      return "run: bun --preload tracemalloc/register app.ts";
    case "deno":
      return "run: deno run -A --preload npm:tracemalloc/register app.ts";
    case "node":
      return "run: node --import tracemalloc/register app.js";
    default:
      return "build the page with one of the tracemalloc/unplugin plugins";
  }
}
