import { Worker } from "node:worker_threads";
import { type TransformDone, type TransformJob, transform } from "./transform_worker.ts";

/** Instruments texts, several at once. */
export interface TransformPool {
  run(job: TransformJob): Promise<TransformDone>;
  close(): Promise<void>;
}

interface Waiting {
  readonly job: TransformJob;
  readonly resolve: (done: TransformDone) => void;
  readonly reject: (error: unknown) => void;
}

/** @param size How many threads; 0: this one, which small trees are done with before a thread has started. */
export function createTransformPool(size: number): TransformPool {
  if (size === 0) return { run: async (job) => transform(job), close: async () => {} };
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Waiting>();
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(new URL(`./transform_worker${import.meta.url.slice(-3)}`, import.meta.url));
    worker.on("message", (done: TransformDone) => {
      busy.get(worker)?.resolve(done);
      busy.delete(worker);
      idle.push(worker);
      next();
    });
    worker.on("error", (error) => {
      for (const { reject } of [...busy.values(), ...queue.splice(0)]) reject(error);
    });
    idle.push(worker);
    return worker;
  });
  function next(): void {
    while (queue.length > 0 && idle.length > 0) {
      const worker = idle.pop()!;
      const waiting = queue.shift()!;
      busy.set(worker, waiting);
      worker.postMessage(waiting.job);
    }
  }
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject });
        next();
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
