// Who may have written what is about to be run: cached text is code, and the folder it lies in is found by looking around.
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from "node:fs";

/** Kept from the start: the program may replace it later, and may change who it runs as. */
const effectiveUser: (() => number) | undefined = process.geteuid?.bind(process);

/** The user that this process acts as; null on Windows, where modes and owners say nothing. */
export function currentUser(): number | null {
  return effectiveUser?.() ?? null;
}

/** Why a file or folder is not to be trusted; null: only `user` and root can have written it. */
export function distrust({ uid, mode }: Stats, user: number | null): string | null {
  if (user === null) return null;
  if (uid !== user && uid !== 0) return `it belongs to user ${uid}, and this process is user ${user}`;
  if ((mode & 0o022) !== 0) return `others may write to it (mode ${(mode & 0o777).toString(8)})`;
  return null;
}

/** As `distrust`, for the folder at a path, which must be one itself and no link to one; undefined: there is nothing. */
export function distrustFolder(folder: string, user: number | null): string | null | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return "it is a link";
  if (!stats.isDirectory()) return "it is no folder";
  return distrust(stats, user);
}

/** Whether a folder that others may use as well is one to make our own in: `user`'s or root's, and not everybody's. */
export function mayHoldOurs({ uid, mode }: Stats, user: number | null): boolean {
  return user === null || ((uid === user || uid === 0) && (mode & 0o002) === 0);
}

/** A file that was opened, or why it must not be read. */
export type Opened = { descriptor: number; stats: Stats } | { reason: string };

/**
 * Opens a regular file of at most `maxBytes` that only `user` and root can have written. Follows no link, waits for no
 * pipe, and judges what was opened, not what stood there before.
 *
 * @throws what `openSync` throws, as where there is no file.
 */
export function openTrusted(
  file: string,
  { user, maxBytes }: { user: number | null; maxBytes: number },
): Opened {
  const {
    O_RDONLY,
    O_NOFOLLOW,
    O_NONBLOCK = 0,
  } = constants as Partial<typeof constants> & {
    O_RDONLY: number;
  };
  // Windows has no such flag, and links only for those who may do everything.
  if (O_NOFOLLOW === undefined && !lstatSync(file).isFile()) return { reason: NO_FILE };
  let descriptor: number;
  try {
    descriptor = openSync(file, O_RDONLY | (O_NOFOLLOW ?? 0) | O_NONBLOCK);
  } catch (error) {
    // ELOOP, EMLINK or EFTYPE for a link, ENXIO for a socket: systems differ.
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) return { reason: NO_FILE };
    throw error;
  }
  const stats = fstatSync(descriptor);
  let reason = stats.isFile() ? distrust(stats, user) : NO_FILE;
  if (reason === null && stats.size > maxBytes) reason = `it has ${stats.size} bytes`;
  if (reason === null) return { descriptor, stats };
  closeSync(descriptor);
  return { reason };
}

const NO_FILE = "it is no regular file";
