import { writeFileAtomically } from "../snapshot/files.ts";
import { InputError, systemReason } from "./cli_error.ts";
import { writeText } from "./output.ts";

/**
 * Writes a file whole or not at all.
 * @throws {InputError} where it cannot be written.
 */
export function writeOutput(filename: string, bytes: Uint8Array): void {
  try {
    writeFileAtomically(filename, bytes);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot write ${filename}: ${reason}`);
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
