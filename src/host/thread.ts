// Browser compatible.

// In pages, `thread_in_page.ts` takes its place ("browser" of package.json).

/** Deno gives its Web Workers no number: what starts one tells it, under this name. */
export const WORKER_NUMBER: unique symbol = Symbol.for("tracemalloc.worker");

interface Host {
  readonly [WORKER_NUMBER]?: unknown;
  readonly process?: {
    getBuiltinModule?(
      name: "node:worker_threads",
    ): { readonly isMainThread: boolean; readonly threadId: number } | undefined;
  };
}

/**
 * The thread that this code runs on: 0 for a process's first one, else the worker's number, unique in its process. In a
 * browser always 0.
 */
export function threadNumber(): number {
  const host = globalThis as Host;
  const told = host[WORKER_NUMBER];
  if (typeof told === "number") return told;
  const threads = host.process?.getBuiltinModule?.("node:worker_threads");
  return threads === undefined || threads.isMainThread ? 0 : threads.threadId;
}
