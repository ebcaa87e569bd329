// Browser compatible.

// Takes the place of `engine.ts` in what bundlers make for pages: neither Bun nor Deno shows any.
import type { Engine } from "./engine.ts";
import type { HostGlobals } from "./host.ts";

export type { Engine } from "./engine.ts";

/** The engine that runs this page. */
export function detectEngine(): Engine {
  // Electron's pages can have Node's `process`.
  const { process } = globalThis as HostGlobals;
  if (process?.versions?.v8 !== undefined) return "v8";
  if ("InternalError" in globalThis) return "spidermonkey";
  const capture = (Error as { stackTraceLimit?: number }).stackTraceLimit;
  // Safari has had captureStackTrace since 17.4, but a limit that is V8's own (10) only Chromium has.
  return capture === 10 ? "v8-compressed" : "jsc";
}
