import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { Snapshot } from "../snapshot/model/snapshot.ts";
import { SnapshotFormatError } from "../vocabulary/errors.ts";
import { analyse } from "./analyse.ts";
import type { HeapReportData } from "./heap_report.ts";
import { readGraph } from "./read_graph.ts";
import { readSources } from "./sources.ts";
import { removeTemporary } from "./write_heap_snapshot.ts";

/** A snapshot as it goes from thread to thread. */
export interface SentSnapshot {
  readonly columns: SnapshotColumns;
  readonly metadata: Record<string, unknown>;
}

/** What is asked of a heap, as it goes to the thread that reads it. */
export interface HeapJob {
  readonly heapFile: string;
  /** Whether the file and its folder are removed as soon as it is open: whatever becomes of the process then, it leaves nothing behind. */
  readonly isTemporary?: boolean | undefined;
  /** The dump, or the file that it is in. */
  readonly dump: SentSnapshot | string;
  readonly since?: SentSnapshot | undefined;
  readonly limit?: number | undefined;
  readonly pathsPerLine?: number | undefined;
  readonly lines?: readonly { readonly filename: string; readonly lineno: number }[] | undefined;
  readonly largest?: number | undefined;
  readonly keys?: boolean | undefined;
  /** Source files are read below this folder alone (without links); default: wherever the dump says that they are. */
  readonly sourcesBelow?: string | undefined;
}

/**
 * Does the work in this thread.
 *
 * @param onOpen Called when the heap's file is open.
 */
export function runHeapJob(
  { heapFile, isTemporary = false, dump, since, sourcesBelow, ...options }: HeapJob,
  onOpen: () => void = () => {},
): HeapReportData {
  // A dump is small: what is wrong with it is said before minutes are spent on the heap.
  const snapshot = opened(dump);
  const older = since === undefined ? undefined : opened(since);
  try {
    const graph = readGraph(heapFile, () => {
      if (isTemporary) removeTemporary(heapFile);
      onOpen();
    });
    const sources = (names: readonly string[]): Iterable<string> => readSources(names, sourcesBelow);
    return analyse(graph, { ...options, dump: snapshot, since: older, sources }).toJSON();
  } catch (error) {
    if (!(error instanceof RangeError) || !/allocation failed|array length/i.test(error.message)) throw error;
    throw new SnapshotFormatError("there is not enough memory to read it: do so on a larger machine", {
      filename: heapFile,
      cause: error,
    });
  }
}

function opened(sent: SentSnapshot | string): Snapshot {
  return typeof sent === "string" ? Snapshot.load(sent) : new Snapshot(sent.columns, sent.metadata);
}
