import process from "node:process";
import { getHeapStatistics } from "node:v8";
import { getTracedMemory, isTracing, takeSnapshot } from "../../mod.ts";
import { writeHeapSnapshot } from "../../src/heap/write_heap_snapshot.ts";
import { currentRuntime, youngGeneration } from "../../src/host/capabilities.ts";
import { isSpecial } from "../../src/host/special_file.ts";
import { threadNumber } from "../../src/host/thread.ts";
import { absolutePath } from "../../src/host/working_folder.ts";
import { collectAtOnce, quietly, registeredFiles, settleBlocks } from "../../src/tracing.ts";
import { nameForChildren } from "../../src/vocabulary/dump_name.ts";
import { reasonOf, warn } from "../preload/warn.ts";
import { type DumpOwner, ownName } from "./dump_name.ts";
import { dumpEarly, type HeapUse } from "./early_dump.ts";
import { onExit } from "./process_end.ts";
import { greatestResidentSize } from "./resident_size.ts";
import { writeDumpFile } from "./write_dump.ts";

/**
 * Writes a dump when the process ends: normally, by `process.exit`, by an uncaught error, by SIGINT, SIGTERM or SIGHUP.
 * What the program prints and its exit code stay as they were; a dump that cannot be written is a warning on stderr.
 *
 * FinalizationRegistry callbacks run between jobs, so at the end of the process they do not. Where the event loop
 * runs empty there is still time to collect and to wait for finalizers. Elsewhere Node's heap is asked what is alive; on Deno and Bun the snapshot
 * holds whatever the tracker knew before, and says so (`unsettled` in its metadata).
 *
 * @param out The file's name; see `writeDumpFile` for who writes where.
 * @param options.checkpoint Seconds between dumps while the program lives, or null for none but near the heap's limit.
 * @param options.why Where V8's heap goes with the last dump, or null.
 * @returns Takes everything back; no dump is written any more.
 */
export function dumpAtExit(
  out: string,
  { checkpoint = null, why = null }: { checkpoint?: number | null; why?: string | null } = {},
): () => void {
  // The program may change its working directory, and its children start from theirs.
  const path = absolutePath(out);
  if (path === null) {
    warn(`tracemalloc: no dump will be written: ${out}: the working directory does not exist any more`);
    return () => {};
  }
  const owner: DumpOwner = {
    id: `${process.pid}`,
    startedAt: performance.timeOrigin,
    worker: threadNumber(),
    run: process.env.TRACEMALLOC_RUN,
  };
  const isWorker = owner.worker > 0;
  const inherited = process.env.TRACEMALLOC_OUT;
  // A pipe takes one snapshot, this process's.
  if (!isWorker) process.env.TRACEMALLOC_OUT = isSpecial(path) ? "" : nameForChildren(path, owner.id);
  // Of this process alone: one that it starts would write over it.
  delete process.env.TRACEMALLOC_WHY;
  const heap = why === null || isWorker ? null : absolutePath(why);
  let isCollected = false;
  const idle = async (): Promise<void> => {
    await settleBlocks();
    isCollected = true;
  };
  const end = (): void =>
    writeDump(path, owner, { heap, settle: () => isCollected || collectAtOnce({ goesOn: false }) });
  const undo = onExit({ idle, end });
  const endEarly = dumpEarly({
    // Most workers are ended by `terminate()`, of which they hear nothing.
    checkpoint: checkpoint ?? (isWorker ? "growing" : null),
    write: ({ settle }) =>
      writeDump(path, owner, {
        isEarly: true,
        // While the program lives a collection would only hold it up: what is known is mostly good enough.
        settle: () => settle && collectAtOnce({ goesOn: true }),
      }),
    heap: currentRuntime() === "bun" ? null : heapUse,
    traced: currentRuntime() === "node" ? () => getTracedMemory().current : null,
  });
  return () => {
    endEarly();
    undo();
    if (isWorker) return;
    if (inherited === undefined) delete process.env.TRACEMALLOC_OUT;
    else process.env.TRACEMALLOC_OUT = inherited;
  };
}

// V8 counts the young generation into the limit that it tells, but aborts when the old generation alone is full: on Node 26, 150 MB
// of `--max-old-space-size` are told as 246.
const YOUNG_GENERATION: number = youngGeneration(currentRuntime(), process.versions.node ?? "") * 2 ** 20;

function heapUse(): HeapUse {
  const { used_heap_size: used, heap_size_limit: told, external_memory: external } = getHeapStatistics();
  return { used, limit: Math.max(told - YOUNG_GENERATION, told * 0.4), external };
}

/** Whether the peak is what had come together at the end, where much of that had died unseen: nothing can be collected within a job. */
function wasMostlyGarbage({ current, peak }: { current: number; peak: number }, settled: number): boolean {
  return current > peak * 0.95 && settled < current * 0.8;
}

interface DumpOptions {
  readonly isEarly?: boolean;
  /** Where V8's heap goes, too. */
  readonly heap?: string | null;
  /** Settles what is alive, as far as can be; gives whether it is. */
  readonly settle: () => boolean;
}

function writeDump(
  path: string,
  owner: DumpOwner,
  { isEarly = false, heap = null, settle }: DumpOptions,
): void {
  try {
    if (!isTracing()) {
      if (isEarly) return;
      warn(
        `tracemalloc: the dump was not written: ${shown(path, owner)}: not tracing at exit (set TRACEMALLOC=1, or call start())`,
      );
      return;
    }
    // Before the tracker works on the dump, which is not the program's memory.
    const maxRss = greatestResidentSize();
    const before = getTracedMemory();
    const isSettled = settle();
    const isPeakOfGarbage = isSettled && wasMostlyGarbage(before, getTracedMemory().current);
    if (heap !== null) writeHeap(heap);
    const snapshot = takeSnapshot();
    if (!isSettled) snapshot.metadata.unsettled = true;
    if (isPeakOfGarbage) snapshot.metadata.unsettledPeak = true;
    snapshot.metadata.files = registeredFiles();
    if (maxRss > 0) snapshot.metadata.maxRss = maxRss;
    if (owner.worker > 0) snapshot.metadata.worker = owner.worker;
    if (owner.run !== undefined) snapshot.metadata.run = owner.run;
    quietly(() => writeDumpFile(path, owner, snapshot.toBytes()));
  } catch (error) {
    warn(`tracemalloc: the dump was not written: ${shown(path, owner)}: ${reasonOf(error)}`);
  }
}

/** The program's exit code stands, and its dump is written, whatever becomes of this. */
function writeHeap(file: string): void {
  try {
    writeHeapSnapshot(file);
  } catch (error) {
    warn(`tracemalloc: the heap was not written: ${reasonOf(error)}`);
  }
}

/** The name that the file would have had. */
function shown(path: string, owner: DumpOwner): string {
  return ownName(path, owner) ?? path;
}
