import { statSync } from "node:fs";
import { Snapshot } from "../snapshot/snapshot.ts";
import { InputError, systemReason } from "./cli_error.ts";

/**
 * Reads a snapshot file.
 * @throws {InputError} where the file cannot be read; {@linkcode SnapshotFormatError} where it is no snapshot.
 */
export function openSnapshot(filename: string): Snapshot {
  try {
    // A pipe or a device would keep the reader waiting for an end that never comes.
    if (!statSync(filename).isFile()) throw new InputError(`cannot read ${filename}: it is no regular file`);
    return Snapshot.load(filename);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot read ${filename}: ${reason}`);
  }
}
