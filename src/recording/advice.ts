// Browser compatible.

// In pages, `advice_in_page.ts` takes its place ("browser" of package.json).
import { currentRuntime } from "../host/capabilities.ts";

/** How a program is started so that its code is instrumented. */
export function howToInstrument(): string {
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
