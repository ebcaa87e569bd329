// Browser compatible.

import { hostModule } from "../../host/built_in_modules.ts";
import { descend } from "../../host/ensure_stack.ts";
import { host } from "../../host/host.ts";
import { setV8Flag } from "../../host/v8_flags.ts";
import { watchYoung } from "../../track/resources/young_owners.ts";

// In pages, `garbage_collector_in_page.ts` takes its place ("browser" of package.json).

let forced: (() => void) | null | undefined;

/**
 * A function that collects garbage at once, or null where the engine does not let us: `globalThis.gc` (`--expose-gc`),
 * `Bun.gc`, or V8's flag set at run time, which Node and Deno both allow.
 */
export function garbageCollector(): (() => void) | null {
  if (forced === undefined) {
    const collector = findCollector();
    forced = collector === null ? null : () => collectAll(collector);
  }
  return forced;
}

function collectAll(collector: () => void): void {
  // Emitters that nobody has watched yet may die in it.
  watchYoung();
  collector();
}

function findCollector(): (() => void) | null {
  if (host.Bun !== undefined) {
    const { Bun } = host;
    return () => {
      descend(OVERWRITTEN_FRAMES);
      Bun.gc(true);
    };
  }
  if (typeof host.gc === "function") return host.gc;
  try {
    const vm = hostModule("node:vm");
    if (vm === undefined || !setV8Flag("--expose-gc")) return null;
    const gc = vm.runInNewContext("gc");
    setV8Flag("--no-expose-gc");
    return typeof gc === "function" ? (gc as () => void) : null;
  } catch {
    return null; // a host that forbids contexts: finalizers run when the engine gets to it
  }
}

/**
 * JavaScriptCore takes whatever looks like a pointer on the stack for one, also in what calls that have returned have left
 * there: a few dead objects stay (1 to 4 of a kind, in half of the runs of our own tests). So many calls overwrite it.
 */
const OVERWRITTEN_FRAMES = 2000;
