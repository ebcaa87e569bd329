// Browser compatible.

import { SessionBuiltins } from "../traces/session/session_builtins.ts";
import { builtinWatch } from "../track/builtins/builtin_watch.ts";
import type { SessionWatch } from "./recording.ts";

/** Stand-ins for built-in functions, which report to the session. */
export const sessionWatch: SessionWatch = {
  install: (session) => builtinWatch.install(new SessionBuiltins(session)),
  settle: builtinWatch.settle,
};
