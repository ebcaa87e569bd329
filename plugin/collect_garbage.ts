import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage at once where the engine lets us; does nothing elsewhere. */
export function collectGarbage(): void {
  const host = globalThis as { gc?: () => void; Bun?: { gc(synchronous: boolean): void } };
  try {
    if (host.Bun !== undefined) host.Bun.gc(true);
    else if (typeof host.gc === "function") host.gc();
    else {
      setFlagsFromString("--expose-gc");
      (runInNewContext("gc") as () => void)();
    }
  } catch {
    // The dump then counts what is dead but not yet collected.
  }
}
