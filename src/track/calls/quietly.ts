// Browser compatible.
import { quiet } from "./quiet.ts";

/**
 * Runs the tracker's own work, which runs none of the program's code and is not asynchronous. Built-ins that the program has
 * replaced are the engine's own meanwhile.
 */
export function quietly<T>(work: () => T): T {
  quiet.depth++;
  let putBack: (() => void) | null | undefined;
  try {
    putBack = quiet.restore?.();
    return work();
  } finally {
    quiet.depth--;
    putBack?.();
  }
}
