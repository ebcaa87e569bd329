// What V8 has compiled of the program's files, kept by Node between runs: instrumented text is twice as long as the source, and to compile it
// took a fifth of the start of large programs.
import { readdirSync } from "node:fs";
import * as nodeModule from "node:module";
import { join } from "node:path";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { workingFolder } from "../../src/host/working_folder.ts";
import { prune } from "../../src/instrument/cache/cache.ts";
import { findCacheFolder, makeFolder } from "../../src/instrument/cache/cache_folder.ts";
import { currentUser, distrustFolder } from "../../src/instrument/cache/trust.ts";

/** So much text is worth a folder. */
const LEAST_CHARACTERS = 2 ** 18;

const MAX_BYTES = 256 * 2 ** 20;
const MAX_DAYS = 30;
/** The folders that Node makes, for a version and a user, and its files. */
const OF_VERSION = /^v\d+\.\d+\.\d+[\w.-]*-[\da-f]+-\d+$/;
const COMPILED = /^[\da-f]{8}(?<temporary>\.\w+)?$/;

/** Is told of each text that the program loads. */
export type NoteLoaded = (characters: number) => void;

/**
 * Has Node keep compiled code beside the cache of instrumented text, once the program has loaded a good deal. Not where the program or its user
 * has chosen a folder for that, nor where coverage is measured, which compiled code makes coarser.
 *
 * @param calls Whether the text records calls. Node keeps one code for each path: in one folder, modes of either text would take the other's away,
 * and eight large packages start in 0.5 s where they take 0.3.
 */
export function keepCompiledCode(calls: boolean): NoteLoaded {
  const { enableCompileCache, getCompileCacheDir } = nodeModule;
  if (currentRuntime() !== "node" || typeof enableCompileCache !== "function") return () => {};
  if ((process.env.NODE_V8_COVERAGE ?? "") !== "") return () => {};
  let isOver = false;
  const cwd = workingFolder();
  let total = 0;
  return (characters) => {
    if (isOver) return;
    total += characters;
    if (total < LEAST_CHARACTERS) return;
    isOver = true;
    if (getCompileCacheDir() !== undefined) return;
    try {
      const folder = compiledFolder(cwd, calls ? "calls" : "plain");
      if (folder !== null) enableCompileCache(folder);
    } catch {
      // There is no place for it: all is compiled anew, as ever.
    }
  };
}

/** A folder that nobody else may write to: what lies in it is run. Null: there is none. */
function compiledFolder(cwd: string | null, text: string): string | null {
  const cache = findCacheFolder({ cwd });
  if (cache === null) return null;
  const all = `${cache}-compiled`;
  makeFolder(all);
  if (distrustFolder(all, currentUser()) !== null) return null;
  const folder = join(all, text);
  makeFolder(folder);
  for (const name of readdirSync(folder))
    if (OF_VERSION.test(name)) prune(join(folder, name), MAX_BYTES, MAX_DAYS, COMPILED);
  return folder;
}
