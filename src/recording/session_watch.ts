// Browser compatible.
// In pages, `session_watch_in_page.ts` takes its place ("browser" of package.json).
import { ResourceBlocks } from "../traces/resources/resource_blocks.ts";
import { SessionBuiltins } from "../traces/session/session_builtins.ts";
import { builtinWatch } from "../track/builtins/builtin_watch.ts";
import { quietly } from "../track/calls/quietly.ts";
import { installResources, settleResources } from "../track/resources/resources.ts";
import type { SessionWatch } from "./recording.ts";

/** Stand-ins for built-in functions, and for those that ask for timers and listeners, which report to the session. */
export const sessionWatch: SessionWatch = {
  install(session) {
    const builtins = session.builtins ?? new SessionBuiltins(session);
    const undoBuiltins = builtinWatch.install(builtins);
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
