// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import { isPermitted } from "../../host/host.ts";
import { newDecoder } from "../pprof/text_coding.ts";

/** The text of a source file, and when it changed: milliseconds since 1970. */
export interface ScriptText {
  readonly text: string;
  readonly changed: number;
}

/** Just what is used of `node:fs`, which a browser's types do not know. */
interface FileReader {
  readonly constants: { readonly O_RDONLY: number; readonly O_NONBLOCK?: number };
  realpathSync(path: string): string;
  openSync(path: string, flags: number): number;
  fstatSync(descriptor: number): { isFile(): boolean; readonly size: number; readonly mtimeMs: number };
  readFileSync(descriptor: number): Uint8Array;
  closeSync(descriptor: number): void;
}

/**
 * The kinds of files that can have allocated something. A snapshot from elsewhere may name any file of this machine:
 * views and reports, which are passed on, must not carry keys and passwords away.
 */
const SCRIPT =
  // JavaScript's, and those of languages whose heap profiles are read, too.
  /[^/\\]\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro|go|py|rb|rs|java|kt|php|cs|swift|c|cc|cpp|h|hpp)$/;
/** URLs (two letters at least, because `C:\app.js` is none), and Windows' names of other machines, which would be told who asks. */
const ELSEWHERE = /^(?:[a-z][a-z\d+.-]+:|[\\/]{2})/i;
const MAX_FILE_BYTES = 32 * 2 ** 20;

/** The text of a script that a snapshot names; undefined where there is none, it may not be read, or it is no script. */
export function readScript(filename: string): ScriptText | undefined {
  const fs = hostModule("node:fs") as FileReader | undefined;
  if (!fs || !SCRIPT.test(filename) || ELSEWHERE.test(filename) || !mayRead(filename)) return;
  try {
    const path = fs.realpathSync(filename);
    // A link could have the name of a script.
    if (!SCRIPT.test(path) || !mayRead(path)) return;
    // A pipe or a device would keep a reader waiting.
    const descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    try {
      const stat = fs.fstatSync(descriptor);
      if (!stat.isFile() || stat.size > MAX_FILE_BYTES) return;
      const text = newDecoder({ fatal: true }).decode(fs.readFileSync(descriptor));
      return text.includes("\0") ? undefined : { text, changed: stat.mtimeMs };
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return; // Gone, unreadable, or no text: a line without its source still says where.
  }
}

/** Deno would stop and ask the user; a line of source is not worth a question. */
function mayRead(path: string): boolean {
  return isPermitted({ name: "read", path });
}
