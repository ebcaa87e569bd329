import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { formatSize } from "../../statistics/format_size.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";

const KINDS = /\.(?:pb\.gz|pb|pprof|heapprofile|heapsnapshot)$/;
const MAX_DEPTH = 6;
const MAX_FOLDERS = 2000;

/** What can be looked at below a folder, the newest first. Links are not followed. */
export function listFiles(folder: string, limit: number): string[] {
  const found: { path: string; size: number; changed: number }[] = [];
  const open: [path: string, depth: number][] = [[folder, 0]];
  let folders = 0;
  for (let next = open.shift(); next !== undefined && folders < MAX_FOLDERS; next = open.shift()) {
    folders++;
    const [path, depth] = next;
    for (const entry of entriesOf(path)) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH && !/^(?:node_modules|\..*)$/.test(entry.name)) open.push([child, depth + 1]);
      } else if (entry.isFile() && KINDS.test(entry.name)) {
        const stat = statSync(child, { throwIfNoEntry: false });
        if (stat !== undefined) found.push({ path: child, size: stat.size, changed: stat.mtimeMs });
      }
    }
  }
  found.sort((a, b) => b.changed - a.changed || (a.path < b.path ? -1 : 1));
  const lines = found
    .slice(0, limit)
    .map(({ path, size, changed }) =>
      escapeText(`${relative(folder, path)}  ${formatSize(size)}  ${new Date(changed).toISOString()}`),
    );
  if (found.length > limit) lines.push(`… ${found.length - limit} older ones`);
  return lines.length > 0
    ? lines
    : ["no snapshots here: `tracemalloc run -o app.pb.gz app.js` (or npm start) writes one"];
}

function entriesOf(path: string): { name: string; isDirectory(): boolean; isFile(): boolean }[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    // Not ours to read.
    return [];
  }
}
