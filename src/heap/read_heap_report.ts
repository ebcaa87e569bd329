import type { HeapReport } from "./heap_report.ts";
import { inWorker } from "./in_worker.ts";
import { checkHeapReportOptions, type HeapReportOptions } from "./options.ts";
import { sent } from "./take_heap_report.ts";

/**
 * The same from files: a heap that DevTools, `v8.writeHeapSnapshot` or the inspector wrote with its numerical values, and the dump that was taken
 * in the same process at the same moment.
 *
 * @throws {SnapshotFormatError} where one of the files cannot be read.
 * @throws {Error} where they do not go together.
 */
export async function readHeapReport(
  heapSnapshotFile: string,
  dumpFile: string,
  options: HeapReportOptions = {},
): Promise<HeapReport> {
  for (const file of [heapSnapshotFile, dumpFile])
    if (typeof file !== "string")
      throw new TypeError(`readHeapReport: a file's name must be a string, got ${typeof file}`);
  checkHeapReportOptions("readHeapReport", options);
  const { since, ...rest } = options;
  return await inWorker({ heapFile: heapSnapshotFile, dump: dumpFile, since: since && sent(since), ...rest });
}
