// Browser compatible.

import { registeredFiles } from "../track/calls/file_registry.ts";
import { warn } from "../vocabulary/warn.ts";

const REGISTERED = Symbol.for("tracemalloc.registered");
let hasWarned = false;

/** For a `start()` where nothing was instrumented: says so once, with the line to add. */
export function warnUninstrumented(): void {
  if (registeredFiles() > 0 || hasWarned || REGISTERED in globalThis) return;
  hasWarned = true;
  warn(`no instrumented code has been loaded, so nothing can be traced yet; ${advice()}`);
}

function advice(): string {
  const host = globalThis as { Bun?: unknown; Deno?: unknown; process?: { versions?: { node?: string } } };
  if (host.Bun !== undefined) return "run: bun --preload tracemalloc/register app.ts";
  if (host.Deno !== undefined) return "run: deno run -A --preload npm:tracemalloc/register app.ts";
  if (host.process?.versions?.node !== undefined) return "run: node --import tracemalloc/register app.js";
  return "build the page with one of the tracemalloc/unplugin plugins";
}
