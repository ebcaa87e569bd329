import { isPermitted } from "../host/host.ts";
import { quiet } from "../track/calls/quiet.ts";
import { tooLargeToWrite } from "./heap_size.ts";

/** Of the least that V8 may take (see `tooLargeToWrite`): who asks for it knows the program. */
const V8_TAKES = 4;

/** A file for a heap: it and the folder that it is in are its owner's alone. */
export interface TemporaryHeap {
  readonly file: string;
  remove(): void;
}

/** @throws {Error} where the system's folder for temporary files cannot be written to. */
export function temporaryHeap(): TemporaryHeap {
  const fs = process.getBuiltinModule("node:fs");
  const path = process.getBuiltinModule("node:path");
  const temporary = process.getBuiltinModule("node:os").tmpdir();
  checkPermission(temporary);
  const folder = fs.mkdtempSync(path.join(temporary, "tracemalloc-heap-"));
  return {
    file: path.join(folder, "program.heapsnapshot"),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** Removes a temporary heap that is open: whoever reads it can go on. Where the system does not let files go that are open, it stays. */
export function removeTemporary(file: string): void {
  const fs = process.getBuiltinModule("node:fs");
  try {
    fs.rmSync(process.getBuiltinModule("node:path").dirname(file), { recursive: true, force: true });
  } catch {
    // Windows: whoever made it removes it in the end.
  }
}

/**
 * Has V8 collect garbage and write its heap, with the numbers in it, to a file that its owner alone can read. The program stands still
 * meanwhile.
 *
 * @throws {Error} where there is not enough memory for that, or the file cannot be written.
 */
export function writeHeapSnapshot(file: string): void {
  const reason = tooLargeToWrite({ times: V8_TAKES });
  if (reason !== null) throw new Error(reason);
  // Deno (2.9) makes buffers of the whole file in the program's thread, which are none of the program's. What the program has put in the
  // place of built-ins stays, other than with `quietly`: it holds objects.
  quiet.depth++;
  try {
    makePrivate(file);
    process.getBuiltinModule("node:v8").writeHeapSnapshot(file, { exposeNumericValues: true });
  } finally {
    quiet.depth--;
  }
}

/** Deno would ask its user, which would be a change of the program. */
function checkPermission(folder: string): void {
  if (isPermitted({ name: "write", path: folder })) return;
  throw new Error(`the heap cannot be written to ${folder}: run Deno with --allow-write=${folder}`);
}

/** A heap has all of the program's strings. Node's own files are private; Deno's (2.9) are what the process's other files are. */
function makePrivate(file: string): void {
  const fs = process.getBuiltinModule("node:fs");
  fs.closeSync(fs.openSync(file, "w", 0o600));
  // It may have been there before; a device stays what it is.
  if (fs.statSync(file).isFile()) fs.chmodSync(file, 0o600);
}
