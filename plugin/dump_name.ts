import { closeSync, openSync, rmSync, statSync } from "node:fs";

/** What stands for the process id in the name of a dump. */
const PLACEHOLDER = "%p";

/** A lock this old was left by a process that died between two system calls. */
const STALE_LOCK_MS = 10_000;

/** The file's name with the id in it: `app.pb.gz` becomes `app.123.pb.gz`; a `%p` says where it goes. */
export function nameWithId(out: string, id: string): string {
  if (out.includes(PLACEHOLDER)) return out.replaceAll(PLACEHOLDER, id);
  return out.endsWith(".pb.gz") ? `${out.slice(0, -".pb.gz".length)}.${id}.pb.gz` : `${out}.${id}.pb.gz`;
}

/** The value that processes started from this one get to see, so that each of them writes a file of its own. */
export function nameForChildren(out: string): string {
  return out.includes(PLACEHOLDER) ? out : nameWithId(out, PLACEHOLDER);
}

/** Who asks for a name: `id` is the process id, with the thread's in a worker. */
export interface DumpOwner {
  id: string;
  /** When this process began, in ms since the epoch. */
  startedAt: number;
  isWorker: boolean;
  /** The file that it has written before. */
  written?: string;
}

/**
 * Calls `write` with the name this process may write to, and gives back what it returns.
 *
 * A file that is older than this process is a former run's and is replaced. One that appeared since is that of
 * another process of this run, started beside this one with the same variable: then ours gets the process id
 * into its name. Two that end at the same moment are told apart by a lock beside the file.
 */
export function withDumpName<T>(out: string, owner: DumpOwner, write: (name: string) => T): T {
  const own = nameWithId(out, owner.id);
  if (out.includes(PLACEHOLDER) || owner.isWorker) return write(own);
  const lock = `${out}.lock`;
  if (!takeLock(lock)) return write(own);
  try {
    const writtenAt = statSync(out, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return write(writtenAt > owner.startedAt ? own : out);
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (heldSince !== undefined && Date.now() - heldSince > STALE_LOCK_MS) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
