// Browser compatible.

// In pages, `engine_in_page.ts` takes its place ("browser" of package.json).
import { host } from "./host.ts";

/** The JavaScript engines whose object layouts the size models know. */
export type Engine = "v8" | "v8-compressed" | "jsc" | "spidermonkey";

/**
 * The engine that runs this code. Deno and nearly every Node have V8 without pointer compression, Chromium has it with
 * (https://v8.dev/blog/pointer-compression), and so has Electron in all of its processes
 * (https://www.electronjs.org/blog/v8-memory-cage); Bun and Safari have JavaScriptCore, Firefox SpiderMonkey.
 */
export function detectEngine(): Engine {
  if (host.Bun !== undefined) return "jsc";
  if (host.Deno !== undefined) return "v8";
  const { versions, config } = host.process ?? {};
  if (versions?.v8 !== undefined) {
    const isCompressed =
      versions.electron !== undefined || config?.variables?.v8_enable_pointer_compression === 1;
    return isCompressed ? "v8-compressed" : "v8";
  }
  if ("InternalError" in globalThis) return "spidermonkey";
  // Only Safari's errors have their line. (What can be set, as `Error.stackTraceLimit`, tells what the page has set.)
  return "line" in new Error() ? "jsc" : "v8-compressed";
}
