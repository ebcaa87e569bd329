import { warn } from "./warn.ts";

/**
 * Does what a program's permissions may forbid. Deno asks for each variable and each file, and its error would end the program.
 *
 * @param missing What there is none of without the permission, for the one warning.
 * @returns `otherwise`, where it is forbidden.
 */
export function ifAllowed<T>(missing: string, action: () => T, otherwise: T): T {
  try {
    return action();
  } catch (error) {
    if (!isDenied(error)) throw error;
    warn(`tracemalloc: ${missing}: ${error.message}`);
    return otherwise;
  }
}

function isDenied(error: unknown): error is Error {
  // Deno's, Node's.
  return (
    error instanceof Error &&
    (error.name === "NotCapable" || ("code" in error && error.code === "ERR_ACCESS_DENIED"))
  );
}
