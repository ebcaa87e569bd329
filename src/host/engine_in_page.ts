// Browser compatible.

// Takes the place of `engine.ts` in what bundlers make for pages: neither Bun nor Deno shows any.
import type { Engine } from "./engine.ts";
import type { HostGlobals } from "./host.ts";

export type { Engine } from "./engine.ts";

/** The engine that runs this page. */
export function detectEngine(): Engine {
  // Node can run what was bundled for pages. Electron's pages can have Node's `process`: their V8 compresses pointers as Chromium's does.
  const { process } = globalThis as HostGlobals;
  if (process?.versions?.v8 && !process.type) return "v8";
  if ("InternalError" in globalThis) return "spidermonkey";
  // Only Safari's errors have their line. (What can be set, as `Error.stackTraceLimit`, tells what the page has set.)
  return "line" in new Error() ? "jsc" : "v8-compressed";
}
