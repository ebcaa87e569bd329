import {
  closeSync,
  futimesSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { makeFolder } from "./cache_folder.ts";
import { hashOf, hashOfText, LARGE } from "./hash.ts";
import { currentUser, distrustFolder, openTrusted } from "./trust.ts";

/** Everything besides our own code that the instrumented text depends on. */
export interface CacheKey {
  source: string;
  filename: string;
  /** Every option that changes the output, in a fixed order. */
  options: readonly unknown[];
  /** Texts of the source maps that lead on from this one. */
  maps?: readonly string[];
}

/** Instrumented text kept between runs. Neither method ever throws. */
export interface Cache {
  get(key: CacheKey): string | null;
  set(key: CacheKey, code: string): void;
}

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
  /** Whose entries, besides root's, are used; default: the user that this process acts as. Null: anybody's. */
  user?: number | null;
  /** Told once of a folder or an entry that somebody else may have written; default: nobody. */
  warn?: (message: string) => void;
}

const DAY_MS = 86_400_000;
/** What is ours in the folder: entries, earlier versions' too, and those that are being written. Nothing else is ever removed. */
const ENTRY = /^(?:[\da-f]{32}){1,2}(?<temporary>\.\d+\.[\da-f]{12}\.tmp)?$/;
/** Its modification time says when the folder was last pruned. */
const PRUNED_MARK = ".pruned";

/**
 * Keeps instrumented text in one file per entry, named by the hash of its key.
 * Entries are written to a temporary file and renamed, so that processes may share a folder; each carries a
 * checksum, so that a damaged one counts as missing. After the first failed write no more are tried.
 *
 * An entry is run as code: the folder and the entry must be this user's or root's and nobody else's to write, and no
 * links. Anything else counts as missing, with one warning.
 */
export function createCache(options: CacheOptions): Cache {
  const { maxBytes = 256 * 1024 * 1024, maxDays = 30, user = currentUser(), warn = () => {} } = options;
  return new FolderCache({ ...options, maxBytes, maxDays, user, warn });
}

class FolderCache implements Cache {
  readonly #options: Required<CacheOptions>;
  #isTrusted: boolean | null = null;
  #state: "fresh" | "writable" | "off" = "fresh";
  /** What was not there is set next: a text of megabytes need not be hashed again. */
  #missed: { readonly key: CacheKey; readonly file: string } | null = null;
  #hasWarned = false;

  constructor(options: Required<CacheOptions>) {
    this.#options = options;
  }

  get(key: CacheKey): string | null {
    try {
      if (this.#trusted() !== true) return null;
      const file = this.#fileOf(key);
      const code = this.#read(file);
      this.#missed = code === null ? { key, file } : null;
      return code;
    } catch {
      return null;
    }
  }

  set(key: CacheKey, code: string): void {
    if (this.#state === "off") return;
    const { folder, maxBytes, maxDays } = this.#options;
    try {
      if (this.#state === "fresh") {
        makeFolder(folder);
        if (this.#trusted() !== true) throw new Error("not ours");
        prune(folder, maxBytes, maxDays);
        this.#state = "writable";
      }
      const file = this.#missed?.key === key ? this.#missed.file : this.#fileOf(key);
      this.#missed = null;
      const entry = encode(basename(file), code);
      writeWhole(file, entry);
      release(entry);
    } catch {
      this.#state = "off";
    }
  }

  /** Null: there is no folder yet. */
  #trusted(): boolean | null {
    if (this.#isTrusted !== null) return this.#isTrusted;
    const { folder, user } = this.#options;
    const reason = distrustFolder(folder, user);
    if (reason === undefined) return null;
    if (reason !== null) this.#warnOnce(`the cache in ${folder} is not used: ${reason}`);
    this.#isTrusted = reason === null;
    return this.#isTrusted;
  }

  #fileOf({ source, filename, options, maps = [] }: CacheKey): string {
    const mapHashes = maps.map((map) => hashOfText(map));
    const name = JSON.stringify([this.#options.fingerprint, filename, options, mapHashes]);
    return join(this.#options.folder, hashOfText(name) + hashOfText(source));
  }

  #read(file: string): string | null {
    const opened = openTrusted(file, this.#options);
    if ("reason" in opened) {
      this.#warnOnce(`the cached ${file} is not used: ${opened.reason}`);
      return null;
    }
    try {
      const entry = readFileSync(opened.descriptor);
      const code = decode(basename(file), entry);
      release(entry);
      if (code !== null) touch(opened);
      return code;
    } finally {
      closeSync(opened.descriptor);
    }
  }

  #warnOnce(message: string): void {
    if (!this.#hasWarned) this.#options.warn(`tracemalloc: ${message}; the files are instrumented anew`);
    this.#hasWarned = true;
  }
}

function encode(name: string, code: string): Buffer {
  const entry = Buffer.allocUnsafe(CHECKSUM_BYTES + Buffer.byteLength(code));
  entry.write(code, CHECKSUM_BYTES, "utf8");
  entry.write(checksum(name, entry.subarray(CHECKSUM_BYTES)), "latin1");
  return entry;
}

/** The bytes are checked before they are made a text: of a text they would have to be made again. */
function decode(name: string, entry: Buffer): string | null {
  const bytes = entry.subarray(CHECKSUM_BYTES);
  const isWhole = entry.toString("latin1", 0, CHECKSUM_BYTES) === checksum(name, bytes);
  return isWhole ? bytes.toString("utf8") : null;
}

/** Gives memory back at once that would be there until the next collection: a program's greatest file is loaded first as a rule. */
function release({ buffer, length }: Buffer): void {
  if (length >= LARGE && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

const CHECKSUM_BYTES = 32;
/** With the entry's name in it: one entry cannot stand in for another. */
const checksum = (name: string, bytes: Buffer): string => hashOf(bytes) + hashOfText(name);

function writeWhole(file: string, text: Buffer): void {
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  const temporary = `${file}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Marks an entry as used; once a day is enough for pruning and saves the system call. */
function touch({ descriptor, stats }: { descriptor: number; stats: Stats }): void {
  const now = Date.now();
  try {
    if (now - stats.mtimeMs > DAY_MS) futimesSync(descriptor, now / 1000, now / 1000);
  } catch {
    // A read-only cache still answers.
  }
}

/** At most once a day: drops entries unused for `maxDays`, then the longest unused ones over `maxBytes`. */
export function prune(folder: string, maxBytes: number, maxDays: number, ours: RegExp = ENTRY): void {
  const now = Date.now();
  if (!markPruned(join(folder, PRUNED_MARK), now)) return;
  const entries = readdirSync(folder)
    .filter((name) => ours.test(name))
    .map((name) => ({
      path: join(folder, name),
      stats: lstatSync(join(folder, name), { throwIfNoEntry: false }),
      isTemporary: ours.exec(name)?.groups?.temporary !== undefined,
    }))
    .sort((a, b) => (b.stats?.mtimeMs ?? 0) - (a.stats?.mtimeMs ?? 0));
  let total = 0;
  for (const { path, stats, isTemporary } of entries) {
    if (stats === undefined || !stats.isFile()) continue;
    const ageDays = (now - stats.mtimeMs) / DAY_MS;
    const isAbandoned = isTemporary && ageDays > 1;
    total += stats.size;
    if (isAbandoned || ageDays > maxDays || total > maxBytes) rmSync(path, { force: true });
  }
}

/** Whether the folder is to be pruned now. Whatever else stands in the mark's place is replaced, and never written to. */
function markPruned(mark: string, now: number): boolean {
  try {
    const stats = lstatSync(mark, { throwIfNoEntry: false });
    if (stats?.isFile() && now - stats.mtimeMs < DAY_MS) return false;
    rmSync(mark, { force: true });
    writeFileSync(mark, "", { mode: 0o600, flag: "wx" });
    return true;
  } catch {
    // Another process was faster, or a folder stands there.
    return false;
  }
}
