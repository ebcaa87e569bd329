import type { TerminalOptions } from "../report/terminal/terminal.ts";
import { jsonText } from "../report/text/json_text.ts";
import { escapeText } from "../vocabulary/escape_text.ts";
import { writeLines } from "./output.ts";
import { terminalOptions } from "./terminal_options.ts";

/** What a command has found: for programs, and for people. Only one of the two is asked for. */
export interface View {
  report(): object;
  text(options: TerminalOptions): readonly string[];
}

/** Prints a view to standard output, as JSON where `--json` asked for it. */
export function showView(json: boolean, view: View): void {
  const lines = json ? [jsonText(view.report())] : view.text(terminalOptions(process.stdout));
  writeLines(process.stdout, lines);
}

/** What a reader has to know, at the end of a view. */
export function notesText(notes: readonly string[]): string[] {
  return notes.map((note) => `Note: ${escapeText(note)}`);
}
