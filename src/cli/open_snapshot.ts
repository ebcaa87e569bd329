import { statSync } from "node:fs";
import { Snapshot } from "../snapshot/model/snapshot.ts";
import { boundAllocatedOfFile } from "../snapshot/take/bound_allocated.ts";
import { InputError, systemReason } from "./cli_error.ts";
import { type Progress, SILENT } from "./progress.ts";

/** From this size on reading takes long enough for a line that says so. */
const LONG_BYTES = 2 ** 20;

/**
 * Reads a snapshot file.
 * @throws {InputError} where the file cannot be read; {@linkcode SnapshotFormatError} where it is no snapshot.
 */
export function openSnapshot(filename: string, progress: Progress = SILENT): Snapshot {
  try {
    const stat = statSync(filename);
    // A pipe or a device would keep the reader waiting for an end that never comes.
    if (!stat.isFile()) throw new InputError(`cannot read ${filename}: it is no regular file`);
    progress.step(`reading ${filename}`, { long: stat.size >= LONG_BYTES });
    const snapshot = Snapshot.load(filename);
    // Those of pages, and of former versions: what is another tool's stays as that tool has it.
    if (snapshot.metadata.nframe !== undefined) boundAllocatedOfFile(snapshot.columns.blocks);
    return snapshot;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot read ${filename}: ${reason}`);
  }
}
