// Browser compatible.

/** Just what is used of `node:fs`, which a browser's types do not know. */
interface FileReader {
  statSync(path: string): { isFile(): boolean; size: number };
  readFileSync(path: string): Uint8Array;
}

interface Host {
  process?: { getBuiltinModule?: (id: string) => unknown };
  Deno?: { permissions?: { querySync?: (query: { name: string; path: string }) => { state: string } } };
}

/** Source files are smaller; a snapshot from elsewhere may name any file of this machine. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** A traceback report needs a few dozen files at a time. */
const MAX_CACHED_FILES = 64;
/** Two letters at least, because `C:\app.js` is no URL. */
const URL_SCHEME = /^[a-z][a-z\d+.-]+:/i;

const cache = new Map<string, readonly string[]>();

/**
 * Gives a line of a source file without the white space around it, like Python's `linecache.getline(…).strip()`.
 *
 * @param filename a path; URLs and `<pseudo names>` have no source
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
  const text = readSource(filename);
  if (text === undefined) return [];
  const lines = text.split(/\r\n|\r|\n/);
  if (cache.size >= MAX_CACHED_FILES) cache.delete(cache.keys().next().value!);
  cache.set(filename, lines);
  return lines;
}

function readSource(filename: string): string | undefined {
  if (filename === "" || (filename.startsWith("<") && filename.endsWith(">")) || URL_SCHEME.test(filename))
    return;
  const host = globalThis as Host;
  try {
    // Deno would stop and ask the user; a report is not worth a question.
    const permission = host.Deno?.permissions?.querySync?.({ name: "read", path: filename });
    if (permission && permission.state !== "granted") return;
    const fs = host.process?.getBuiltinModule?.("node:fs") as FileReader | undefined;
    const stat = fs?.statSync(filename);
    // Reading a pipe or a device would wait for ever.
    if (!fs || !stat?.isFile() || stat.size > MAX_FILE_BYTES) return;
    return new TextDecoder("utf-8", { fatal: true }).decode(fs.readFileSync(filename));
  } catch {
    return; // Gone, unreadable or no text: a traceback without its line still says where.
  }
}
