import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { descriptorOf } from "./special_file.ts";

/** A pipe takes so many bytes whole or not at all (POSIX's `PIPE_BUF` on Linux; elsewhere it is at least 512). */
const CHUNK_BYTES = process.platform === "linux" ? 4096 : 512;

/** How long a reader may take nothing before it is given up. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 5;

/**
 * Writes to what is no regular file, or to where a descriptor is in one, and never waits without end: nobody could stop a process that does, as its signals
 * are JavaScript's to handle, and JavaScript waits.
 *
 * Throws where a named pipe has no reader, and where the reader stops reading.
 */
export function writePipe(filename: string, bytes: Uint8Array): void {
  const ownDescriptor = descriptorOfFile(filename);
  const descriptor = ownDescriptor ?? open(filename);
  try {
    let written = 0;
    let waited = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(descriptor, bytes.subarray(written, written + CHUNK_BYTES));
        waited = 0;
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") throw error;
        if (waited >= PATIENCE_MS) {
          throw new Error(
            `its reader took ${written} of ${bytes.length} bytes, and then none for ${PATIENCE_MS / 1000} s`,
          );
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
        waited += PAUSE_MS;
      }
    }
  } finally {
    if (ownDescriptor === null) closeSync(descriptor);
  }
}

/** Opened by its name, a regular file would be written from its start, over what the program has printed to it. */
function descriptorOfFile(filename: string): number | null {
  const descriptor = descriptorOf(filename);
  return descriptor !== null && fstatSync(descriptor).isFile() ? descriptor : null;
}

function open(filename: string): number {
  try {
    return openSync(filename, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENXIO") throw new Error("nobody reads from this pipe");
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
