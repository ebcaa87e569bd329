import { statSync } from "node:fs";

/** The number of the process's own descriptor that a path stands for (`/dev/stdout`, `/dev/fd/63`); null: it stands for a file. */
export function descriptorOf(path: string): number | null {
  if (path === "/dev/stdout") return 1;
  if (path === "/dev/stderr") return 2;
  const digits = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * What can be neither replaced, nor told apart by a name beside it, nor read again: a pipe, a terminal, `/dev/null`, and whatever is behind
 * a descriptor, though it be a regular file: what it holds already must stay.
 */
export function isSpecial(path: string): boolean {
  if (descriptorOf(path) !== null) return true;
  try {
    const status = statSync(path);
    return !status.isFile() && !status.isDirectory();
  } catch {
    // There is none, or nobody may look: whoever writes there is told.
    return false;
  }
}
