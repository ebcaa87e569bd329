import { threadNumber } from "../../src/host/thread.ts";

/** Deno's own threads begin at 1; a process does not have so many at once. */
const FIRST_NUMBER = 1001;

/**
 * Not by `import`: Deno and Bun would then give the program the names as they were before `follow_workers.ts` replaced one.
 */
export const workerThreads: typeof import("node:worker_threads") =
  // Absent before Node 20.16, where nothing of this is used: `register_node.ts` says so.
  process.getBuiltinModule?.("node:worker_threads");

/** Deno's Web Workers get no environment data: what starts one tells it under this name how it is traced. */
export const START: unique symbol = Symbol.for("tracemalloc.start");

let started = 0;
let hasWorkers = false;

/** Told of each worker that this thread starts. */
export function noteWorker(): void {
  hasWorkers = true;
}

/** Whether this thread has ever started one, as far as workers are followed. */
export function hasStartedWorkers(): boolean {
  return hasWorkers;
}

/** A number for a Web Worker that this thread starts. */
export function nextWorkerNumber(): number {
  return threadNumber() * 1_000_000 + FIRST_NUMBER + started++;
}
