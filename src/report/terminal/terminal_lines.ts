// Browser compatible.
import { formatSize } from "../../statistics/format_size.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import type { FrameJson } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { cutEnd, cutStart, displayWidth } from "./width.ts";

/** However narrow the terminal is, this much of a name stays. */
const MIN_NAME_COLUMNS = 12;

/**
 * A name from a snapshot, escaped, in at most `columns` columns. On a terminal that is too narrow, a path below the
 * working directory is written relative to it, and what is still too long loses its start.
 */
export function fitName(name: string, columns: number, directory: string): string {
  const whole = escapeText(name);
  if (displayWidth(whole) <= columns) return whole;
  const below =
    directory !== "" && name.startsWith(`${directory}/`) ? name.slice(directory.length + 1) : name;
  return cutStart(escapeText(below), Math.max(MIN_NAME_COLUMNS, columns));
}

/** A line of a bundle can have megabytes. */
const MAX_SOURCE_COLUMNS = 200;

/** The line of source text under an entry, or nothing where it cannot be read. */
export function sourceText(
  frame: FrameJson | undefined,
  options: TerminalOptions,
  indent = "    ",
): string[] {
  if (frame === undefined || frame.lineno < 1) return [];
  const source = options.sourceLine(frame.filename, frame.lineno);
  if (source === "") return [];
  const columns = Math.min(options.columns, MAX_SOURCE_COLUMNS) - indent.length;
  return [`${indent}${options.colors.dim(cutEnd(escapeText(source.slice(0, MAX_SOURCE_COLUMNS)), columns))}`];
}

/** A traceback with its source lines, as Python's `Traceback.format()` writes it: the most recent call last. */
export function tracebackText(frames: readonly FrameJson[], options: TerminalOptions): string[] {
  const lines: string[] = [];
  for (const frame of frames) {
    const end = `", line ${frame.lineno}`;
    const name = fitName(frame.filename, options.columns - 8 - end.length, options.directory);
    lines.push(`  File "${options.colors.cyan(name)}${end}`, ...sourceText(frame, options));
  }
  return lines;
}

/** Sizes that are shown of a series: the first ones and the last. */
const SHOWN_SIZES = 6;

/** What was alive from one snapshot to the next: `1024 B → 2048 B → 4096 B`. */
export function sizesText(sizes: readonly number[]): string {
  const texts = sizes.map((size) => formatSize(size));
  const shown =
    texts.length <= SHOWN_SIZES ? texts : [...texts.slice(0, SHOWN_SIZES - 2), "…", texts.at(-1)!];
  return shown.join(" → ");
}
