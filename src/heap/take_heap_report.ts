import { currentRuntime } from "../host/capabilities.ts";
import { settleBlocks } from "../recording/collect_garbage.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { isTracing, takeSnapshot } from "../tracing.ts";
import type { HeapJob, SentSnapshot } from "./heap_job.ts";
import type { HeapReport } from "./heap_report.ts";
import { inWorker, type WorkerOptions } from "./in_worker.ts";
import { checkHeapReportOptions, type HeapReportOptions } from "./options.ts";
import { temporaryHeap, writeHeapSnapshot } from "./write_heap_snapshot.ts";

/**
 * Tells which lines hold the heap, and who holds their objects: collects garbage, has V8 write its heap, and joins it with what is traced.
 *
 * The program stands still while V8 takes its snapshot, some seconds for a million objects; the rest is done in another thread. The heap is
 * written to a file in the system's folder for temporary ones, which only the user can read, and which is gone afterwards.
 *
 * @throws {Error} when not tracing, on Bun, whose engine has no such heap, and where the heap cannot be written: the disk is full, or
 * permissions forbid it.
 *
 * @example
 * ```ts
 * import { start } from "tracemalloc";
 * import { takeHeapReport } from "tracemalloc/heap";
 *
 * start(25);
 * const cache = [{}];
 * const report = await takeHeapReport({ limit: 3 });
 * console.log(report.format().join("\n"), cache.length);
 * ```
 */
export async function takeHeapReport(options: HeapReportOptions = {}): Promise<HeapReport> {
  checkHeapReportOptions("takeHeapReport", options);
  return await reportOwnHeap(options);
}

/** What is asked of the process's own heap. */
export interface OwnHeapOptions extends HeapReportOptions, Pick<WorkerOptions, "signal" | "isIdle"> {
  /** These lines alone. */
  readonly lines?: HeapJob["lines"];
}

/** The same with what only our own callers may ask for. */
export async function reportOwnHeap(options: OwnHeapOptions): Promise<HeapReport> {
  if (currentRuntime() === "bun")
    throw new Error(
      "takeHeapReport: Bun has no heap snapshot that shows numbers, and so no marks: run the program on Node or Deno",
    );
  if (currentRuntime() === "browser")
    throw new Error(
      "takeHeapReport: a page cannot ask for its heap: take it with DevTools, and read it with readHeapReport or `tracemalloc why`",
    );
  if (!isTracing())
    throw new Error(
      "takeHeapReport: the tracemalloc module must be tracing allocations to take a heap report",
    );
  await settleBlocks();
  const { since, signal, isIdle, ...rest } = options;
  signal?.throwIfAborted();
  const heap = temporaryHeap();
  try {
    writeHeapSnapshot(heap.file);
    const dump = sent(takeSnapshot());
    const job = { heapFile: heap.file, isTemporary: true, dump, since: since && sent(since), ...rest };
    return await inWorker(job, { signal, isIdle });
  } finally {
    heap.remove();
  }
}

export function sent({ columns, metadata }: Snapshot): SentSnapshot {
  return { columns, metadata };
}
