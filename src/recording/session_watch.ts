// Browser compatible.
// In pages, `session_watch_in_page.ts` takes its place ("browser" of package.json).
import { SessionBuiltins } from "../traces/session/session_builtins.ts";
import { builtinWatch } from "../track/builtins/builtin_watch.ts";
import type { SessionWatch } from "./recording.ts";

/** Stand-ins for built-in functions, which report to the session. */
export const sessionWatch: SessionWatch = {
  install: (session) => builtinWatch.install(session.builtins ?? new SessionBuiltins(session)),
  settle: builtinWatch.settle,
};
