// Browser compatible.

// Takes the place of `thread.ts` in what bundlers make for pages.

/** What starts a worker on Deno tells it its number under this name. */
export const WORKER_NUMBER: unique symbol = Symbol.for("tracemalloc.worker");

/** The thread that this code runs on: in a browser always 0. */
export function threadNumber(): number {
  return 0;
}
