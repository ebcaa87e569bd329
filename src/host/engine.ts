// Browser compatible.

// In pages, `engine_in_page.ts` takes its place ("browser" of package.json).
import { host } from "./host.ts";

/** The JavaScript engines whose object layouts the size models know. */
export type Engine = "v8" | "v8-compressed" | "jsc" | "spidermonkey";

/**
 * The engine that runs this code. Node and Deno build V8 without pointer compression, Chromium with it
 * (https://v8.dev/blog/pointer-compression); Bun and Safari have JavaScriptCore, Firefox SpiderMonkey.
 */
export function detectEngine(): Engine {
  if (host.Bun !== undefined) return "jsc";
  if (host.Deno !== undefined || host.process?.versions?.v8 !== undefined) return "v8";
  if ("InternalError" in globalThis) return "spidermonkey";
  // Only Safari's errors have their line. (What can be set, as `Error.stackTraceLimit`, tells what the page has set.)
  return "line" in new Error() ? "jsc" : "v8-compressed";
}
