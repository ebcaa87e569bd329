import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { Snapshot } from "../snapshot/model/snapshot.ts";
import { analyse } from "./analyse.ts";
import type { HeapReportData } from "./heap_report.ts";
import { readGraph } from "./read_graph.ts";
import { readSources } from "./sources.ts";

/** A snapshot as it goes from thread to thread. */
export interface SentSnapshot {
  readonly columns: SnapshotColumns;
  readonly metadata: Record<string, unknown>;
}

/** What is asked of a heap, as it goes to the thread that reads it. */
export interface HeapJob {
  readonly heapFile: string;
  /** The dump, or the file that it is in. */
  readonly dump: SentSnapshot | string;
  readonly since?: SentSnapshot | undefined;
  readonly limit?: number | undefined;
  readonly pathsPerLine?: number | undefined;
  readonly lines?: readonly { readonly filename: string; readonly lineno: number }[] | undefined;
  readonly keys?: boolean | undefined;
}

/** Does the work in this thread. */
export function runHeapJob({ heapFile, dump, since, ...options }: HeapJob): HeapReportData {
  // A dump is small: what is wrong with it is said before minutes are spent on the heap.
  const snapshot = opened(dump);
  return analyse(readGraph(heapFile), {
    ...options,
    dump: snapshot,
    since: since === undefined ? undefined : opened(since),
    sources: readSources,
  }).toJSON();
}

function opened(sent: SentSnapshot | string): Snapshot {
  return typeof sent === "string" ? Snapshot.load(sent) : new Snapshot(sent.columns, sent.metadata);
}
