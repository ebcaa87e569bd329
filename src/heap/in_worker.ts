import { type ResourceLimits, Worker } from "node:worker_threads";
import type { Made, MadeQuestion } from "./engine_made.ts";
import type { HeapJob } from "./heap_job.ts";
import { HeapReport, type HeapReportData } from "./heap_report.ts";

interface Answer {
  /** The heap's file is open, and gone where it was a temporary one. */
  readonly isOpen?: true;
  readonly report?: HeapReportData;
  readonly made?: Made | null;
  readonly error?: { readonly name: string; readonly message: string };
}

export interface WorkerOptions {
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the process may end before there is a report, once the heap's file is open. */
  readonly isIdle?: boolean | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** What the thread is given: one of them. */
export interface WorkerData {
  readonly heapJob?: HeapJob;
  readonly madeJob?: MadeJob;
}

/** A temporary file with a heap, and what is asked about it. */
export interface MadeJob {
  readonly heapFile: string;
  readonly question: MadeQuestion;
}

/** Has another thread read a heap. */
export async function inWorker(heapJob: HeapJob, options: WorkerOptions = {}): Promise<HeapReport> {
  const { report } = await answerTo({ heapJob }, options);
  return new HeapReport(report!);
}

/** Has another thread find out what the engine has made. */
export async function madeInWorker(madeJob: MadeJob): Promise<Made | null> {
  const { made } = await answerTo({ madeJob }, {});
  return made!;
}

/** The thread is not traced, and traces nothing. */
async function answerTo(
  workerData: WorkerData,
  { signal, isIdle = false, resourceLimits = {} }: WorkerOptions,
): Promise<Answer> {
  signal?.throwIfAborted();
  const url = new URL(`./heap_worker${import.meta.url.slice(-3)}`, import.meta.url);
  const env = { ...process.env, TRACEMALLOC: "", TRACEMALLOC_OUT: "", NODE_OPTIONS: "" };
  const worker = new Worker(url, { workerData, env, execArgv: [], resourceLimits });
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
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
    const { report, made, error } = answer;
    if (report !== undefined || made !== undefined) return answer;
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
