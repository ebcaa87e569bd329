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

/** The name that no other process or worker writes to; null where several may want the one name that was given. */
export function ownName(out: string, owner: DumpOwner): string | null {
  if (owner.worker > 0) return nameForWorker(out, owner);
  return out.includes(PLACEHOLDER) ? nameWithId(out, owner.id) : null;
}

/**
 * Calls `write` with the name this process may write to, and gives back what it returns.
 *
 * A file that is older than this process is a former run's and is replaced. One that appeared since is that of
 * another process of this run, started beside this one with the same variable: then ours gets the process id
 * into its name. Two that end at the same moment are told apart by a lock beside the file.
 */
export function withDumpName<T>(out: string, owner: DumpOwner, write: (name: string) => T): T {
  const settled = ownName(out, owner);
  if (settled !== null) return write(settled);
  const own = nameWithId(out, owner.id);
  const lock = takeLock(`${out}.lock`);
  if (lock === "held") return write(own);
  try {
    const writtenAt = statSync(out, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return write(writtenAt > owner.startedAt ? own : out);
  } finally {
    if (lock === "taken") rmSync(`${out}.lock`, { force: true });
  }
}

/** `"none"`: there can be no lock here, for instance because its name would be too long. */
function takeLock(lock: string): "taken" | "held" | "none" {
  try {
    const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (heldSince !== undefined && Date.now() - heldSince > STALE_LOCK_MS) rmSync(lock, { force: true });
    closeSync(openSync(lock, "wx"));
    return "taken";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? "held" : "none";
  }
}
