import { type ResourceLimits, Worker } from "node:worker_threads";
import type { HeapJob } from "./heap_job.ts";
import { HeapReport, type HeapReportData } from "./heap_report.ts";

interface Answer {
  /** The heap's file is open, and gone where it was a temporary one. */
  readonly isOpen?: true;
  readonly report?: HeapReportData;
  readonly error?: { readonly name: string; readonly message: string };
}

export interface WorkerOptions {
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the process may end before there is a report, once the heap's file is open. */
  readonly isIdle?: boolean | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** Has another thread read a heap. It is not traced, and traces nothing. */
export async function inWorker(
  heapJob: HeapJob,
  { signal, isIdle = false, resourceLimits = {} }: WorkerOptions = {},
): Promise<HeapReport> {
  signal?.throwIfAborted();
  const url = new URL(`./heap_worker${import.meta.url.slice(-3)}`, import.meta.url);
  const env = { ...process.env, TRACEMALLOC: "", TRACEMALLOC_OUT: "", NODE_OPTIONS: "" };
  const worker = new Worker(url, { workerData: { heapJob }, env, execArgv: [], resourceLimits });
  try {
    const { report, error } = await new Promise<Answer>((resolve, reject) => {
      worker.on("message", (answer: Answer) => {
        if (answer.isOpen === undefined) resolve(answer);
        else if (isIdle) worker.unref();
      });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.on("error", reject);
      worker.on("exit", (code) =>
        reject(new Error(`the thread that read the heap ended early (code ${code})`)),
      );
    });
    if (report !== undefined) return new HeapReport(report);
    throw Object.assign(new Error(error?.message ?? "no answer"), { name: error?.name ?? "Error" });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY")
      throw new Error(
        "the heap snapshot is too large for this machine's memory: read it with `tracemalloc why` on a larger one",
      );
    throw error;
  } finally {
    await worker.terminate();
  }
}
