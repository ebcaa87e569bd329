// Browser compatible.
// In pages, `native_callers_in_page.ts` takes its place ("browser" of package.json): there code has been moved since it was instrumented.

import { callersBefore } from "./callers_before.ts";
import type { NativePathTable } from "./native_path_table.ts";

/** Frames are sites here when they are captured. */
export const callersAbove: typeof callersBefore = callersBefore;

/** The path by which figures of a line's blocks are added up: the one that they have, of which each stands for itself alone. */
export function callersOf(paths: NativePathTable, path: number, _site: number): number {
  return paths.plain(path);
}

/** Resolves when the callers of all paths are known. */
export async function callersKnown(): Promise<void> {}
