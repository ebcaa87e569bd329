// Browser compatible.
import { escapeText } from "./escape_text.ts";

/** Thrown when a file or a byte array is no snapshot that can be read: truncated, corrupt, too large, or foreign. */
export class SnapshotFormatError extends Error {
  override readonly name = "SnapshotFormatError";
  /** The file's name, or `""` where bytes were given. */
  readonly filename: string;
  /** Where in the (decompressed) data the trouble is, in bytes; -1: unknown. */
  readonly offset: number;

  constructor(reason: string, options: { filename?: string; offset?: number; cause?: unknown } = {}) {
    const { filename = "", offset = -1, cause } = options;
    const where = [filename, offset >= 0 ? `at byte ${offset}` : ""].filter((part) => part !== "").join(" ");
    // Names in a file may hold what moves a terminal's cursor, and so may the file's own.
    super(
      escapeText(where === "" ? reason : `${where}: ${reason}`),
      cause === undefined ? undefined : { cause },
    );
    this.filename = filename;
    this.offset = offset;
  }
}
