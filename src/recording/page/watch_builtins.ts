// Browser compatible.
// What `start_recording.ts` fetches after it has started recording.

import { ResourceBlocks } from "../../traces/resources/resource_blocks.ts";
import type { Session } from "../../traces/session/session.ts";
import { SessionBuiltins } from "../../traces/session/session_builtins.ts";
import { builtinWatch } from "../../track/builtins/builtin_watch.ts";
import { installPageResources, settlePageResources } from "../../track/resources/page/page_resources.ts";
import { currentSession, type SessionWatch, watchBuiltins } from "../recording.ts";

/** Stand-ins for built-in functions, and for those that ask for timers and listeners, which report to the session. */
const pageWatch: SessionWatch = {
  install(session) {
    const builtins = new SessionBuiltins(session);
    const undoBuiltins = builtinWatch.install(builtins);
    const undoResources = installPageResources(new ResourceBlocks(session, builtins));
    return () => {
      undoResources();
      undoBuiltins();
    };
  },
  settle() {
    builtinWatch.settle();
    settlePageResources();
  },
};

/** Has built-ins watched for a session, unless it has been stopped meanwhile, and another one started. */
export function watchFor(session: Session | null): void {
  if (currentSession() === session) watchBuiltins(pageWatch);
}
