// Browser compatible.
import type picocolors from "picocolors";

/** How a report is drawn as lines of text. */
export interface TerminalOptions {
  /** Columns of the terminal; `Infinity`: nothing is cut. */
  readonly columns: number;
  /** Functions that colour text, or give it back as it is. */
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** The folder to which long file names may be written relative, or `""`. */
  readonly directory: string;
  /** The text of a line of a source file, or `""` where it cannot be read. */
  readonly sourceLine: (filename: string, lineno: number) => string;
}
