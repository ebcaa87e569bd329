// Browser compatible.

// In pages, `thread_in_page.ts` takes its place ("browser" of package.json).
import { hostModule } from "./built_in_modules.ts";

/** Deno gives its Web Workers no number: what starts one tells it, under this name. */
export const WORKER_NUMBER: unique symbol = Symbol.for("tracemalloc.worker");

/**
 * The thread that this code runs on: 0 for a process's first one, else the worker's number, unique in its process. In a
 * browser always 0.
 */
export function threadNumber(): number {
  const told = (globalThis as { [WORKER_NUMBER]?: unknown })[WORKER_NUMBER];
  if (typeof told === "number") return told;
  const threads = hostModule("node:worker_threads");
  return threads === undefined || threads.isMainThread ? 0 : threads.threadId;
}
