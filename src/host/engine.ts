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
  const capture = (Error as { stackTraceLimit?: number }).stackTraceLimit;
  // Safari has had captureStackTrace since 17.4, but a limit that is V8's own (10) only Chromium has.
  return capture === 10 ? "v8-compressed" : "jsc";
}
