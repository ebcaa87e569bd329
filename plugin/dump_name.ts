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

/**
 * The value that processes started from this one get to see, so that each of them writes a file of its own, whose name
 * tells who started it: `app.123.%p.pb.gz`.
 */
export function nameForChildren(out: string, id: string): string {
  return nameWithId(out, `${id}.${PLACEHOLDER}`);
}

/** The name for a worker: its number after the id of its process, `app.123-1.pb.gz`. */
export function nameForWorker(out: string, { id, worker }: { id: string; worker: number }): string {
  // What its process has made of the name for children is what a worker sees.
  const forChildren = `${id}.${PLACEHOLDER}`;
  if (out.includes(forChildren)) return out.replaceAll(forChildren, `${id}-${worker}`);
  return nameWithId(out, `${id}-${worker}`);
}

/** Who asks for a name. */
export interface DumpOwner {
  /** The process id. */
  id: string;
  /** When this process began, in ms since the epoch. */
  startedAt: number;
  /** The worker's number in its process; 0: the process's first thread. */
  worker: number;
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
  if (owner.worker > 0) return write(nameForWorker(out, owner));
  const own = nameWithId(out, owner.id);
  if (out.includes(PLACEHOLDER)) return write(own);
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
