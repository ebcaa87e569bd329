// Browser compatible.
import type { SessionWatch } from "./recording.ts";
import { SessionBuiltins } from "./traces/session_builtins.ts";
import { builtinWatch } from "./track/builtin_watch.ts";

/** Stand-ins for built-in functions, which report to the session. */
export const sessionWatch: SessionWatch = {
  install: (session) => builtinWatch.install(new SessionBuiltins(session)),
  settle: builtinWatch.settle,
};
