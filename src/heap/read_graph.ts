import { SnapshotFormatError } from "../vocabulary/errors.ts";
import type { HeapGraph } from "./heap_graph.ts";
import { SnapshotReader } from "./snapshot_reader.ts";

const CHUNK = 1 << 20;

/**
 * Reads a `.heapsnapshot` file piece by piece.
 *
 * @param onOpen Called when it is open: from then on its name is not needed any more.
 * @throws {SnapshotFormatError} where it is none that can be read.
 */
export function readGraph(filename: string, onOpen: () => void = () => {}): HeapGraph {
  const fs = process.getBuiltinModule("node:fs");
  let descriptor: number;
  try {
    descriptor = fs.openSync(filename, "r");
  } catch (error) {
    throw new SnapshotFormatError(`cannot be opened: ${(error as Error).message}`, {
      filename,
      cause: error,
    });
  }
  try {
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) throw new SnapshotFormatError("is no file", { filename });
    onOpen();
    const memory = process.availableMemory();
    const reader = new SnapshotReader({ filename, fileSize: status.size, memory });
    const chunk = new Uint8Array(CHUNK);
    for (;;) {
      const count = fs.readSync(descriptor, chunk, 0, CHUNK, null);
      if (count === 0) break;
      reader.push(count === CHUNK ? chunk : chunk.subarray(0, count));
    }
    return reader.finish();
  } finally {
    fs.closeSync(descriptor);
  }
}
