import { writeSync } from "node:fs";
import { escapeText } from "../../src/vocabulary/escape_text.ts";

/** Writes one line to stderr at once, also while the process is ending; names in it cannot move the cursor. Never throws. */
export function warn(message: string): void {
  try {
    writeSync(2, `${escaped(message)}\n`);
  } catch {
    // stderr is closed or full: there is nowhere left to say so.
  }
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;
}

function escaped(message: string): string {
  try {
    return escapeText(message);
  } catch {
    // The program has replaced what this takes.
    return message;
  }
}
