import { currentRuntime } from "../host/capabilities.ts";
import { formatSize } from "../statistics/format_size.ts";

/** Bytes of the heap that V8 would have to write; null: this runtime cannot. */
export function heapToWrite(): number | null {
  if (currentRuntime() === "bun") return null;
  return process.getBuiltinModule("node:v8").getHeapStatistics().used_heap_size;
}

/**
 * Why the heap must not be written now; null: it may be.
 *
 * V8 takes memory to write it: 4 times its size where objects have some properties, 10 times where most are numbers (measured on
 * Node 26: 164 MiB of 8 million nodes take 1650 MiB more).
 *
 * @param options.times So many times the heap's size must be free.
 * @param options.most Bytes that it may have.
 */
export function tooLargeToWrite({
  times,
  most = Number.POSITIVE_INFINITY,
}: {
  times: number;
  most?: number;
}): string | null {
  const used = heapToWrite() ?? 0;
  const free = process.availableMemory();
  if (used > most)
    return `the heap has ${formatSize(used)}, of which at most ${formatSize(most)} are written here`;
  if (used * times <= free) return null;
  return `the heap of ${formatSize(used)} is too large for this machine's memory: V8 may take ${formatSize(used * times)} to write it, and ${formatSize(free)} are free`;
}
