import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { currentRuntime } from "../../src/host/capabilities.ts";

/**
 * Whether this process was started to ignore the signal, as by `nohup`. A listener would undo that.
 * Node resets all signals when it starts; Deno and Bun keep what they inherit, which only Linux tells.
 */
export function isIgnored(signal: NodeJS.Signals): boolean {
  if (currentRuntime() === "node") return false;
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (mask !== undefined)
      return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    // No /proc here.
  }
  return signal === "SIGHUP";
}
