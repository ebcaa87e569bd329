// Browser compatible.

// Reading and writing of files. In pages, `files_in_page.ts` takes its place ("browser" of package.json).
import { type FileSystem, hostModule, processId } from "../../host/built_in_modules.ts";
import { MAX_BYTES } from "./limits.ts";

/**
 * Writes a file in one step: whoever opens `filename` finds the old bytes or the new ones, never a part.
 *
 * Errors of the file system come through as they are, with the file named; the old file is then untouched, and
 * nothing is left beside it. Links are followed, the old file's permissions are kept. What is no regular file (a
 * pipe, `/dev/stdout`) is written directly.
 *
 * @param commit Called when the bytes are on the disk; until `move` is called they have no name that anybody knows, and
 * without it they are dropped.
 */
export function writeFileAtomically(
  filename: string,
  bytes: Uint8Array,
  commit: (move: () => void) => void = (move) => move(),
): void {
  const fs = hostModule("node:fs");
  if (fs === undefined)
    throw new Error(`cannot write ${filename}: there is no file system here; use toBytes()`);
  try {
    const status = fs.statSync(filename, { throwIfNoEntry: false });
    if (status === undefined || status.isFile() || status.isDirectory()) {
      const target = status === undefined ? filename : fs.realpathSync(filename);
      const temporary = writeBeside(fs, target, bytes, status && status.mode & 0o777);
      try {
        commit(() => fs.renameSync(temporary, target));
      } finally {
        discard(fs, temporary);
      }
    } else {
      commit(() => fs.writeFileSync(filename, bytes, {}));
    }
  } catch (error) {
    throw naming(filename, error);
  }
}

/**
 * Gives the name of a temporary file that holds the bytes.
 *
 * @param mode The old file's; undefined: what the umask gives to new files.
 */
function writeBeside(fs: FileSystem, filename: string, bytes: Uint8Array, mode: number | undefined): string {
  const path = hostModule("node:path")!;
  // In the same folder, as a rename across file systems is none; short, as the name may be as long as names can be.
  const random = Math.random().toString(36).slice(2, 10);
  const temporary = path.join(path.dirname(filename), `.tracemalloc-${processId()}-${random}.tmp`);
  try {
    // Deno would set a mode past the umask, and Node takes the umask from it. A file for one person never is for others, not even empty.
    fs.writeFileSync(temporary, bytes, mode === undefined ? { flag: "wx" } : { flag: "wx", mode });
    // Some file systems have one mode for all, and refuse.
    if (
      mode !== undefined &&
      (fs.statSync(temporary, { throwIfNoEntry: false })?.mode ?? 0) % 0o1000 !== mode
    )
      fs.chmodSync(temporary, mode);
    return temporary;
  } catch (error) {
    discard(fs, temporary);
    throw error;
  }
}

function discard(fs: FileSystem, temporary: string): void {
  try {
    fs.rmSync(temporary, { force: true });
  } catch {
    // What made it necessary tells more.
  }
}

/** The error itself; the system's message speaks of the temporary file where it should name the one asked for. */
function naming(filename: string, error: unknown): unknown {
  if (error instanceof Error && !error.message.includes(filename)) {
    error.message = `cannot write ${filename}: ${error.message}`;
  }
  return error;
}

/**
 * Reads a whole file, but no more than one byte above 1 GiB: that much is no snapshot.
 *
 * Errors of the file system come through as they are, with the file named.
 */
export function readFileBytes(filename: string): Uint8Array {
  const fs = hostModule("node:fs");
  if (fs === undefined)
    throw new Error(`cannot read ${filename}: there is no file system here; use fromBytes()`);
  try {
    const descriptor = fs.openSync(filename, "r");
    try {
      return readAll(
        (buffer, at) => fs.readSync(descriptor, buffer, at, buffer.length - at, null),
        fs.fstatSync(descriptor).size,
      );
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && !error.message.includes(filename)) {
      error.message = `cannot read ${filename}: ${error.message}`;
    }
    throw error;
  }
}

/** Pipes and devices don't tell their size, and some never end. */
function readAll(read: (buffer: Uint8Array, at: number) => number, size: number): Uint8Array {
  let buffer = new Uint8Array(Math.min(Math.max(size, 1 << 16), MAX_BYTES) + 1);
  let length = 0;
  for (;;) {
    const count = read(buffer, length);
    length += count;
    if (count === 0 || length > MAX_BYTES) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(buffer.length * 2, MAX_BYTES + 1));
    larger.set(buffer);
    buffer = larger;
  }
}
