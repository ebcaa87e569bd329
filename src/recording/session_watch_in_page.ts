// Browser compatible.

// Takes the place of `session_watch.ts` in what bundlers make for pages, which have no sessions of a special kind.
import { SessionBuiltins } from "../traces/session/session_builtins.ts";
import { builtinWatch } from "../track/builtins/builtin_watch.ts";
import type { SessionWatch } from "./recording.ts";

/** Stand-ins for built-in functions, which report to the session. */
export const sessionWatch: SessionWatch = {
  install: (session) => builtinWatch.install(new SessionBuiltins(session)),
  settle: builtinWatch.settle,
};
