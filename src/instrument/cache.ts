import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Everything besides our own code that the instrumented text depends on. */
export interface CacheKey {
  source: string;
  filename: string;
  /** Every option that changes the output, in a fixed order. */
  options: readonly unknown[];
}

/** Instrumented text kept between runs. Neither method ever throws. */
export interface Cache {
  get(key: CacheKey): string | null;
  set(key: CacheKey, code: string): void;
}

/** Loaded when the first file is: it takes Node 7 ms, and as an import 12. */
const crypto = (): typeof import("node:crypto") => process.getBuiltinModule("node:crypto");

/** Where and how much to keep. */
export interface CacheOptions {
  /** The folder of the entries; it need not exist. */
  folder: string;
  /** Identifies the code that instruments: another value never sees this one's entries. */
  fingerprint: string;
  /** Bytes that the folder may hold; default 256 MiB. */
  maxBytes?: number;
  /** Days after which an entry that nobody used is dropped; default 30. */
  maxDays?: number;
}

const DAY_MS = 86_400_000;
const TEMPORARY = ".tmp";
/** Its modification time says when the folder was last pruned. */
const PRUNED_MARK = ".pruned";

/**
 * Keeps instrumented text in one file per entry, named by the hash of its key.
 * Entries are written to a temporary file and renamed, so that processes may share a folder; each carries a
 * checksum, so that a damaged one counts as missing. After the first failed write no more are tried.
 */
export function createCache(options: CacheOptions): Cache {
  const { folder, fingerprint, maxBytes = 256 * 1024 * 1024, maxDays = 30 } = options;
  let state: "fresh" | "writable" | "off" = "fresh";

  function fileOf({ source, filename, options: flags }: CacheKey): string {
    const hash = crypto()
      .createHash("sha256")
      .update(JSON.stringify([fingerprint, filename, flags]))
      .update("\0")
      .update(source);
    return join(folder, hash.digest("hex"));
  }

  return {
    get(key) {
      const file = fileOf(key);
      try {
        const entry = openSync(file, "r");
        try {
          const code = decode(readFileSync(entry));
          if (code !== null) touch(file, entry);
          return code;
        } finally {
          closeSync(entry);
        }
      } catch {
        return null;
      }
    },
    set(key, code) {
      if (state === "off") return;
      try {
        if (state === "fresh") {
          makeFolder(folder);
          prune(folder, maxBytes, maxDays);
          state = "writable";
        }
        writeWhole(fileOf(key), encode(code));
      } catch {
        state = "off";
      }
    },
  };
}

/**
 * The folder for the cache: `node_modules/.cache/tracemalloc` of the nearest `node_modules` from `cwd` upward,
 * else the system's folder for caches; null where neither can be made.
 */
export function findCacheFolder(
  cwd: string = process.cwd(),
  env: NodeJS.ProcessEnv = process.env,
): string | null {
  for (const folder of [nearestNodeModules(cwd), systemCacheFolder(env)]) {
    if (folder === null) continue;
    try {
      makeFolder(folder);
      return folder;
    } catch {
      // Not a folder, or not ours to write: the next one.
    }
  }
  return null;
}

function nearestNodeModules(cwd: string): string | null {
  for (let at = cwd; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache", "tracemalloc");
    if (dirname(at) === at) return null;
  }
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

/** As `mkdir -p`; Node's own `recursive` never comes back from a folder under /proc (Node 26.10). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function encode(code: string): Buffer {
  const bytes = Buffer.from(code);
  return Buffer.concat([Buffer.from(checksum(bytes)), bytes]);
}

/** The bytes are checked before they are made a text: of a text they would have to be made again. */
function decode(entry: Buffer): string | null {
  const bytes = entry.subarray(CHECKSUM_BYTES);
  return entry.toString("latin1", 0, CHECKSUM_BYTES) === checksum(bytes) ? bytes.toString("utf8") : null;
}

const CHECKSUM_BYTES = 40;
const checksum = (bytes: Buffer): string => crypto().createHash("sha1").update(bytes).digest("hex");

function writeWhole(file: string, text: Buffer): void {
  const temporary = `${file}.${process.pid}.${crypto().randomBytes(6).toString("hex")}${TEMPORARY}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Marks an entry as used; once a day is enough for pruning and saves the system call. */
function touch(file: string, entry: number): void {
  const now = Date.now();
  try {
    if (now - fstatSync(entry).mtimeMs > DAY_MS) utimesSync(file, now / 1000, now / 1000);
  } catch {
    // A read-only cache still answers.
  }
}

/** At most once a day: drops entries unused for `maxDays`, then the longest unused ones over `maxBytes`. */
function prune(folder: string, maxBytes: number, maxDays: number): void {
  const mark = join(folder, PRUNED_MARK);
  const now = Date.now();
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (now - last < DAY_MS) return;
  writeFileSync(mark, "");
  const entries = readdirSync(folder)
    .filter((name) => name !== PRUNED_MARK)
    .map((name) => ({
      path: join(folder, name),
      stats: statSync(join(folder, name), { throwIfNoEntry: false }),
    }))
    .sort((a, b) => (b.stats?.mtimeMs ?? 0) - (a.stats?.mtimeMs ?? 0));
  let total = 0;
  for (const { path, stats } of entries) {
    if (stats === undefined || !stats.isFile()) continue;
    const ageDays = (now - stats.mtimeMs) / DAY_MS;
    const isAbandoned = path.endsWith(TEMPORARY) && ageDays > 1;
    total += stats.size;
    if (isAbandoned || ageDays > maxDays || total > maxBytes) rmSync(path, { force: true });
  }
}
