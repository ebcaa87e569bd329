import { writeSync } from "node:fs";

/** Writes one line to stderr at once, also while the process is ending. Never throws. */
export function warn(message: string): void {
  try {
    writeSync(2, `${message}\n`);
  } catch {
    // stderr is closed or full: there is nowhere left to say so.
  }
}
