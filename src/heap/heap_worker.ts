// A thread that reads a heap, so that the program's goes on.
import { parentPort, workerData } from "node:worker_threads";
import { engineMade } from "./engine_made.ts";
import { runHeapJob } from "./heap_job.ts";
import type { WorkerData } from "./in_worker.ts";
import { readGraph } from "./read_graph.ts";
import { removeTemporary } from "./write_heap_snapshot.ts";

const { heapJob, madeJob } = workerData as WorkerData;
try {
  if (heapJob !== undefined) {
    const onOpen = (): void => parentPort?.postMessage({ isOpen: true });
    parentPort?.postMessage({ report: runHeapJob(heapJob, onOpen) });
  } else if (madeJob !== undefined) {
    const { heapFile, question } = madeJob;
    const made = engineMade(
      readGraph(heapFile, () => removeTemporary(heapFile)),
      question,
    );
    parentPort?.postMessage({ made });
  }
} catch (error) {
  const { name, message } = error as Error;
  parentPort?.postMessage({ error: { name, message } });
}
