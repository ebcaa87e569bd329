// Browser compatible.
import { letGoOfLast } from "../track/stamp.ts";
import { setV8Flag } from "./v8_flags.ts";

interface Host {
  gc?: (() => void) | undefined;
  Bun?: { gc(force: boolean): void };
  process?: { getBuiltinModule?: (id: string) => unknown };
}

interface VmModule {
  runInNewContext(code: string): unknown;
}

// The host's own, whatever a test puts there later to fake the time: a turn that never comes would hang.
const { setTimeout } = globalThis;

let forced: (() => void) | null | undefined;

/**
 * A function that collects garbage at once, or null where the engine does not let us: `globalThis.gc` (`--expose-gc`),
 * `Bun.gc`, or V8's flag set at run time, which Node and Deno both allow.
 */
export function garbageCollector(): (() => void) | null {
  if (forced === undefined) forced = findCollector();
  return forced;
}

function findCollector(): (() => void) | null {
  const host = globalThis as Host;
  if (host.Bun !== undefined) {
    const { Bun } = host;
    return () => {
      overwriteStack(OVERWRITTEN_FRAMES);
      Bun.gc(true);
    };
  }
  if (typeof host.gc === "function") return host.gc;
  try {
    const vm = host.process?.getBuiltinModule?.("node:vm") as VmModule | undefined;
    if (vm === undefined || !setV8Flag("--expose-gc")) return null;
    const gc = vm.runInNewContext("gc");
    setV8Flag("--no-expose-gc");
    return typeof gc === "function" ? (gc as () => void) : null;
  } catch {
    return null; // a host that forbids contexts: finalizers run when the engine gets to it
  }
}

const OVERWRITTEN_FRAMES = 2000;

/**
 * JavaScriptCore takes whatever looks like a pointer on the stack for one, also in what calls that have returned have left
 * there: a few dead objects stay (1 to 4 of a kind, in half of the runs of our own tests).
 */
function overwriteStack(frames: number): number {
  return frames === 0 ? 0 : 1 + overwriteStack(frames - 1);
}

const MOST_ROUNDS = 12;
const QUIET_ROUNDS = 2;

/**
 * Collects and yields to the event loop until a few rounds have freed nothing more, or the rounds are used up: at most
 * 12 turns, so that it never hangs.
 *
 * @param freed The number of blocks freed so far.
 */
export async function settle(freed: () => number): Promise<void> {
  const gc = garbageCollector();
  let quiet = 0;
  for (let round = 0; round < MOST_ROUNDS && quiet < QUIET_ROUNDS; round++) {
    const before = freed();
    // Two turns: V8 posts finalizers as a task of their own, JavaScriptCore runs them after the next turn.
    await turn();
    letGoOfLast();
    gc?.();
    await turn();
    await turn();
    quiet = freed() === before ? quiet + 1 : 0;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
