// Browser compatible.

/** A URL of two letters at least, because `C:\app.js` is none. */
const URL_SCHEME = /^[a-z][a-z\d+.-]+:/i;

/** The URL of a file, as debuggers name scripts: of absolute paths; URLs and all else as they are. */
export function fileUrl(filename: string): string {
  if (URL_SCHEME.test(filename)) return filename;
  const isWindows = /^[a-z]:[/\\]/i.test(filename);
  if (!isWindows && !filename.startsWith("/")) return filename;
  const path = isWindows ? `/${filename.replaceAll("\\", "/")}` : filename;
  // Lone surrogates are no text that encodeURI takes.
  return `file://${encodeURI(path.toWellFormed()).replaceAll("?", "%3F").replaceAll("#", "%23")}`;
}
