import { hostModule } from "./built_in_modules.ts";

/** The working directory; null where it has been deleted, which a program need not mind and `process.cwd()` does. */
export function workingFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** A path made absolute; null where it is relative to a working directory that has been deleted. Bun's `resolve` takes `/` then. */
export function absolutePath(path: string): string | null {
  const { isAbsolute, resolve } = hostModule("node:path")!;
  if (isAbsolute(path)) return resolve(path);
  const folder = workingFolder();
  return folder === null ? null : resolve(folder, path);
}
