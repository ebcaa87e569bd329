import { existsSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { workingFolder } from "../../host/working_folder.ts";
import { currentUser, distrustFolder, mayHoldOurs } from "./trust.ts";

/** What decides which folder it is. */
export interface CacheFolderOptions {
  /** Where to look for `node_modules`; default: the working directory. Null: nowhere. */
  cwd?: string | null;
  env?: NodeJS.ProcessEnv;
  /** See `CacheOptions`. */
  user?: number | null;
  /** Told of a folder that is there and not to be trusted. */
  warn?: (message: string) => void;
}

/**
 * The folder for the cache: `node_modules/.cache/tracemalloc` of the nearest `node_modules` from `cwd` upward,
 * else the system's folder for caches; null where neither can be made. What lies in it is run: a folder that another
 * user may write to is passed over.
 */
export function findCacheFolder(options: CacheFolderOptions = {}): string | null {
  const { cwd = workingFolder(), env = process.env, user = currentUser(), warn = () => {} } = options;
  for (const choose of [() => cwd && nearestNodeModules(cwd, user), () => systemCacheFolder(env)]) {
    try {
      const folder = choose();
      if (folder === null) continue;
      makeFolder(folder);
      const reason = distrustFolder(folder, user);
      if (reason === null) return folder;
      warn(`tracemalloc: the cache in ${folder} is not used: ${reason}`);
    } catch {
      // Not a folder, or not ours to write: the next one.
    }
  }
  return null;
}

/** Null where there is none, or it is somebody else's, in which we make nothing. */
function nearestNodeModules(cwd: string, user: number | null): string | null {
  for (let at = cwd; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(modules)) {
      const folder = join(modules, ".cache", "tracemalloc");
      return isThere(folder) || isOurs([modules, dirname(folder)], user) ? folder : null;
    }
    if (dirname(at) === at) return null;
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function isOurs(folders: readonly string[], user: number | null): boolean {
  return folders.every((folder) => {
    const stats = statSync(folder, { throwIfNoEntry: false });
    return stats === undefined || mayHoldOurs(stats, user);
  });
}

/** XDG's rules on Linux and the BSDs, Library/Caches on macOS, LOCALAPPDATA on Windows. */
export function systemCacheFolder(
  env: NodeJS.ProcessEnv,
  platform: string = process.platform,
): string | null {
  if (platform === "win32") return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, "tracemalloc", "Cache") : null;
  const home = env.HOME || homedir();
  if (platform === "darwin") return home ? join(home, "Library", "Caches", "tracemalloc") : null;
  // The specification: a relative path is invalid and to be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, "tracemalloc");
  return home ? join(home, ".cache", "tracemalloc") : null;
}

/** As `mkdir -p`, and the last one for this user alone; Node's own `recursive` never comes back from a folder under /proc (Node 26.10). */
export function makeFolder(folder: string, mode = 0o700): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder), 0o777);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
