// Browser compatible.
// In pages, `session_watch_in_page.ts` takes its place ("browser" of package.json).
import { CONSTRUCTORS } from "../sites/builtin_tables.ts";
import { ResourceBlocks } from "../traces/resources/resource_blocks.ts";
import { SessionBuiltins } from "../traces/session/session_builtins.ts";
import { builtinWatch } from "../track/builtins/builtin_watch.ts";
import { quietly } from "../track/calls/quietly.ts";
import { installResources, settleResources } from "../track/resources/resources.ts";
import type { StartOptions } from "../vocabulary/start_options.ts";
import type { SessionWatch } from "./recording.ts";

const UNTYPED = CONSTRUCTORS.filter((name) => !name.endsWith("Array"));

/**
 * Which constructors have stand-ins. What instrumented code makes with `new` is counted where it is written, so that these are for other code
 * alone. V8 has quick ways for `slice`, `map` and the like of typed arrays until somebody writes to the `constructor` of one of their
 * prototypes, be it the same value (`slice` of eight bytes: 22 → 87 ns). So the sampled modes leave typed arrays alone.
 */
function constructorsFor(sampling: StartOptions["sampling"]): readonly string[] {
  return sampling === "exact" ? CONSTRUCTORS : UNTYPED;
}

/** Stand-ins for built-in functions, and for those that ask for timers and listeners, which report to the session. */
export const sessionWatch: SessionWatch = {
  install(session) {
    const builtins = session.builtins ?? new SessionBuiltins(session);
    const undoBuiltins = builtinWatch.install(builtins, constructorsFor(session.options.sampling));
    if (session.options.resources === false) return undoBuiltins;
    // What the host loads for it is not the program's.
    const undoResources = quietly(() => installResources(new ResourceBlocks(session, builtins)));
    return () => {
      undoResources();
      undoBuiltins();
    };
  },
  settle() {
    builtinWatch.settle();
    settleResources();
  },
};
