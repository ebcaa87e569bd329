import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { nameForWorker, nameWithId, PLACEHOLDER } from "../../src/vocabulary/dump_name.ts";

/** A lock this old was left by a process that died between two system calls. */
const STALE_LOCK_MS = 10_000;

/** Who asks for a name. */
export interface DumpOwner {
  /** The process id. */
  id: string;
  /** When this process began, in ms since the epoch. */
  startedAt: number;
  /** The worker's number in its process; 0: the process's first thread. */
  worker: number;
  /** The run of `tracemalloc run` that it belongs to. */
  run?: string | undefined;
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
