// Browser compatible.

// What `page_recording.ts` fetches after it has started recording.
import { currentSession, watchBuiltins } from "./recording.ts";
import { sessionWatch } from "./session_watch.ts";
import type { Session } from "./traces/session.ts";

/** Has built-ins watched for a session, unless it has been stopped meanwhile, and another one started. */
export function watchFor(session: Session | null): void {
  if (currentSession() === session) watchBuiltins(sessionWatch);
}
