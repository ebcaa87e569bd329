// A thread that reads a heap, so that the program's goes on.
import { parentPort, workerData } from "node:worker_threads";
import { type HeapJob, runHeapJob } from "./heap_job.ts";

const { heapJob } = workerData as { heapJob: HeapJob };
try {
  const onOpen = (): void => parentPort?.postMessage({ isOpen: true });
  parentPort?.postMessage({ report: runHeapJob(heapJob, onOpen) });
} catch (error) {
  const { name, message } = error as Error;
  parentPort?.postMessage({ error: { name, message } });
}
