import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { absolutePath } from "../host/working_folder.ts";
import { writeFileAtomically } from "../snapshot/pprof/files.ts";
import { InputError, systemReason, UsageError } from "./cli_error.ts";
import { writeText } from "./output.ts";

/**
 * Writes a file whole or not at all.
 * @throws {InputError} where it cannot be written.
 */
export function writeOutput(filename: string, bytes: Uint8Array): void {
  refuseSourceFile(filename);
  try {
    writeFileAtomically(filename, bytes);
  } catch (error) {
    throw cannotWrite(filename, error);
  }
}

function cannotWrite(filename: string, error: unknown): unknown {
  const reason = systemReason(error);
  if (reason === undefined) return error;
  const folder = dirname(absolutePath(filename) ?? filename);
  const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
  return new InputError(`cannot write ${filename}: ${isMissing ? `there is no folder ${folder}` : reason}`);
}

const SOURCE_FILE = /\.[cm]?[jt]sx?$/i;

/**
 * Keeps what somebody wrote by hand: no output of ours has such a name, but a word of the command line may be missing.
 * @throws {UsageError} where the output is the program itself, or a file of source code that is there already.
 */
export function refuseSourceFile(output: string, script?: string): void {
  const file = realPath(output);
  if (file === null) return;
  if (script !== undefined && file === realPath(script))
    throw new UsageError(`--output is the program itself: ${output}`);
  if ((SOURCE_FILE.test(file) || SOURCE_FILE.test(output)) && statSync(file).isFile())
    throw new UsageError(`--output is a file of source code, which would be lost: ${output}`);
}

/** Null: there is no such file, or nobody can tell. */
function realPath(name: string): string | null {
  try {
    return realpathSync(name);
  } catch {
    return null;
  }
}

/**
 * Writes text to a file, whole or not at all; without a file name, to standard output.
 * @throws {InputError} where it cannot be written.
 */
export async function writeChunks(filename: string | undefined, chunks: Iterable<string>): Promise<void> {
  if (filename !== undefined) {
    writeOutput(filename, Buffer.concat(Array.from(chunks, (chunk) => Buffer.from(chunk))));
    return;
  }
  for (const chunk of chunks) {
    // A pipe whose reader is slow would otherwise gather the whole export in memory.
    if (!writeText(process.stdout, chunk))
      await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
