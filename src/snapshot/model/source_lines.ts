// Browser compatible.

import { readScript } from "./script_text.ts";

/** A traceback report needs a few dozen files at a time. */
const MAX_CACHED_FILES = 64;

const cache = new Map<string, readonly string[]>();

/**
 * Gives a line of a source file without the white space around it, like Python's `linecache.getline(…).strip()`.
 *
 * @param filename the path of a script; other files, URLs and `<pseudo names>` have no source
 * @param lineno 1-based
 * @returns `""` where there is no such line, or no file system
 */
export function sourceLine(filename: string, lineno: number): string {
  if (lineno < 1) return "";
  return (linesOf(filename)[lineno - 1] ?? "").trim();
}

/** Forgets all files read so far, so that changed files are read again. */
export function clearSourceLines(): void {
  cache.clear();
}

function linesOf(filename: string): readonly string[] {
  const known = cache.get(filename);
  if (known) return known;
  const text = readScript(filename)?.text;
  if (text === undefined) return [];
  const lines = text.split(/\r\n|\r|\n/);
  if (cache.size >= MAX_CACHED_FILES) cache.delete(cache.keys().next().value!);
  cache.set(filename, lines);
  return lines;
}
