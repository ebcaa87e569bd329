import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { decodeHeapprofile as Decode } from "../snapshot/heapprofile/decode_heapprofile.ts";
import { Snapshot } from "../snapshot/model/snapshot.ts";
import { readFileBytes } from "../snapshot/pprof/files.ts";
import { type DecodedSnapshot, decodeSnapshot } from "../snapshot/pprof/load.ts";
import { boundAllocatedOfFile } from "../snapshot/take/bound_allocated.ts";
import { InputError, systemReason } from "./cli_error.ts";
import { type Progress, SILENT } from "./progress.ts";

/** From this size on reading takes long enough for a line that says so. */
const LONG_BYTES = 2 ** 20;

/** Reads V8's `.heapprofile`, by modules that are loaded when there is one: every command would start later. */
const decodeHeapprofile: typeof Decode = (...given): DecodedSnapshot => {
  const path = `../snapshot/heapprofile/decode_heapprofile${import.meta.url.slice(-3)}`;
  const file = fileURLToPath(new URL(path, import.meta.url));
  const module = createRequire(file)(file) as { decodeHeapprofile: typeof Decode };
  return module.decodeHeapprofile(...given);
};

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
    const { columns, metadata } = decodeSnapshot(readFileBytes(filename), {
      filename,
      json: decodeHeapprofile,
    });
    const snapshot = new Snapshot(columns, metadata);
    // Those of pages, and of former versions: what is another tool's stays as that tool has it.
    if (snapshot.metadata.nframe !== undefined) boundAllocatedOfFile(snapshot.columns.blocks);
    return snapshot;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot read ${filename}: ${reason}`);
  }
}
