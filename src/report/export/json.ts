// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { jsonText } from "../text/json_text.ts";
import { filtered } from "../views/view.ts";
import { chunks, listItems } from "./chunks.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

/**
 * All that a snapshot holds, as JSON: a table of frames, and one entry for all blocks of the same traceback, type, domain
 * and size. A traceback is a list of indices into the frames, oldest first.
 */
export function json(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const { columns, metadata } = filtered(snapshot, selectionOf(options));
  return chunks(document(columns, metadata));
}

function* document(columns: SnapshotColumns, metadata: Record<string, unknown>): Iterable<string> {
  yield `{"format":"tracemalloc","version":1,"tracebackLimit":${columns.tracebackLimit},\n`;
  yield `"metadata":${jsonText(metadata, 0)},\n"frames":[\n`;
  yield* listItems(columns.frames.lineno.keys(), frameText(columns));
  yield '],\n"blocks":[\n';
  yield* listItems(columns.blocks.count.keys(), blockText(columns));
  yield "]}\n";
}

function frameText({ frames }: SnapshotColumns): (frame: number) => string {
  const filenames = frames.filenames.map(jsonText);
  const functionNames = frames.functionNames.map(jsonText);
  return (frame) => {
    const { filename, lineno, column, functionName, functionLine } = frames;
    const name = `"functionName":${functionNames[functionName[frame]]},"functionLine":${functionLine[frame]}`;
    const place = `"lineno":${lineno[frame]},"column":${column[frame]}`;
    return `{"filename":${filenames[filename[frame]]},${place},${name}}`;
  };
}

function blockText({ blocks, tracebacks, types, processes = [] }: SnapshotColumns): (row: number) => string {
  const typeNames = types.map(jsonText);
  const owners = processes.map(({ pid, worker }) => `,"pid":${jsonText(pid)},"worker":${jsonText(worker)}`);
  return (row) => {
    const id = blocks.traceback[row];
    const path = tracebacks.frames.subarray(tracebacks.offset[id], tracebacks.offset[id + 1]).join();
    const total = tracebacks.totalNframe[id];
    const what = `"domain":${blocks.domain[row]},"type":${typeNames[blocks.type[row]]}`;
    const alive = `"size":${blocks.size[row]},"count":${blocks.count[row]}`;
    const allocated = `"allocatedSize":${blocks.allocatedSize[row]},"allocatedCount":${blocks.allocatedCount[row]}`;
    const owner = blocks.process === undefined ? "" : owners[blocks.process[row]];
    return `{${what},${alive},${allocated},"traceback":[${path}],"totalNframe":${total < 0 ? null : total}${owner}}`;
  };
}
