/** Deno gives its Web Workers no number: what starts one tells it, under this name. */
export const WORKER_NUMBER: symbol = Symbol.for("tracemalloc.worker");

/** Deno's own threads begin at 1; a process does not have so many at once. */
const FIRST_NUMBER = 1001;

/**
 * Not by `import`: Deno and Bun would then give the program the names as they were before `follow_workers.ts` replaced one.
 */
export const workerThreads: typeof import("node:worker_threads") =
  // Absent before Node 20.16, where nothing of this is used: `register_node.ts` says so.
  process.getBuiltinModule?.("node:worker_threads");

/** The thread that this code runs on: 0 for a process's first one, else the worker's number, unique in its process. */
export function threadNumber(): number {
  const told = (globalThis as { [WORKER_NUMBER]?: unknown })[WORKER_NUMBER];
  if (typeof told === "number") return told;
  return workerThreads.isMainThread ? 0 : workerThreads.threadId;
}

let started = 0;

/** A number for a Web Worker that this thread starts. */
export function nextWorkerNumber(): number {
  return threadNumber() * 1_000_000 + FIRST_NUMBER + started++;
}
