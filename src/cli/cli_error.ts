/** The command line was used wrongly: an unknown command, option or value. Ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command was understood and its input is no good: a file is missing, a runtime is not installed. Exit code 1. */
export class InputError extends Error {
  override readonly name = "InputError";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is no directory",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than files may be",
  EROFS: "the file system is read-only",
  EIO: "the device failed",
};

/** Says in words why the operating system refused, for instance `no such file`; `undefined` for any other error. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (!("syscall" in error) && !(error.code in REASONS)) return undefined;
  return REASONS[error.code] ?? error.code;
}
