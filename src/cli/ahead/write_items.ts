import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { readInputMap, textsOf } from "../../instrument/maps/input_map.ts";
import type { Progress } from "../progress.ts";
import { hashOf, MANIFEST, type Manifest } from "./manifest.ts";
import type { SafeFolder } from "./safe_folder.ts";
import { createTransformPool, type TransformPool } from "./transform_pool.ts";
import type { Item } from "./tree_items.ts";

/** Less than this is done before a thread has started. */
const THREADS_FROM_BYTES = 400_000;
const MOST_THREADS = 8;

/** How many of the things there were became what. */
export interface Written {
  instrumented: number;
  copied: number;
  /** They are as the run before left them. */
  unchanged: number;
  removed: number;
  readonly warnings: string[];
}

/** Where things are written, and what stands there already. */
export interface Destination {
  readonly folder: SafeFolder;
  readonly before: Manifest | null;
  /** See `Manifest`. */
  readonly made: string;
  readonly progress: Progress;
}

/** Writes everything that has changed since the run before, and removes what is gone. */
export async function writeItems(items: readonly Item[], destination: Destination): Promise<Written> {
  const { folder, before, made, progress } = destination;
  const written: Written = { instrumented: 0, copied: 0, unchanged: 0, removed: 0, warnings: [] };
  const files: Record<string, string> = Object.create(null);
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const codeBytes = items.reduce((sum, { code, bytes }) => sum + (code === null ? 0 : bytes), 0);
  const threads = codeBytes < THREADS_FROM_BYTES ? 0 : Math.min(availableParallelism(), MOST_THREADS);
  const pool = createTransformPool(threads);
  const running = new Set<Promise<void>>();
  let done = 0;
  const one = async (item: Item): Promise<void> => {
    files[item.name] = await writeItem(item, { ...destination, pool, written });
    progress.advance((done += item.bytes), total);
  };
  try {
    for (const item of items) {
      const work = one(item).finally(() => running.delete(work));
      running.add(work);
      // Texts that wait for a thread are held in memory.
      if (running.size > threads * 2) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await pool.close();
  }
  for (const name of Object.keys(before?.files ?? {})) {
    if (name in files) continue;
    folder.remove(name);
    written.removed++;
  }
  folder.write(MANIFEST, `${JSON.stringify({ made, files }, null, 1)}\n`, 0o644);
  return written;
}

async function writeItem(
  item: Item,
  { folder, before, made, pool, written }: Destination & { pool: TransformPool; written: Written },
): Promise<string> {
  const { name, source, mode, code, target } = item;
  if (source === null) {
    folder.link(name, target!);
    written.copied++;
    return "link";
  }
  const content = readFileSync(source);
  const text = code === null ? null : textOf(content);
  const { map } = code === null || text === null ? { map: null } : readInputMap(text, code.filename);
  const maps = map === null ? [] : textsOf(map);
  const hash = hashOf(content, JSON.stringify([code, mode, text === null]), ...maps);
  if (before?.made === made && before.files[name] === hash && folder.isFile(name)) {
    written.unchanged++;
    return hash;
  }
  if (code === null || text === null) {
    folder.write(name, content, mode);
    written.copied++;
    return hash;
  }
  const { filename, format, tracker } = code;
  const { code: result, warnings } = await pool.run({ name: filename, source: text, format, tracker });
  folder.write(name, result, mode);
  written.warnings.push(...warnings);
  if (result === text) written.copied++;
  else written.instrumented++;
  return hash;
}

/** The line that Deno adds to what it keeps in its cache. */
const CACHE_NOTE = /\n\/\/ denoCacheMetadata=.*\n?$/;

/** Null where the bytes are no text. */
function textOf(content: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content).replace(CACHE_NOTE, "\n");
  } catch {
    return null;
  }
}

/** Whether a folder has something in it that no run of ours has put there. */
export function isForeign(folder: string, entries: readonly string[]): boolean {
  return existsSync(folder) && entries.length > 0 && !entries.includes(MANIFEST);
}
