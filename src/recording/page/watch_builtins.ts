// Browser compatible.
// What `start_recording.ts` fetches after it has started recording.

import type { Session } from "../../traces/session/session.ts";
import { currentSession, watchBuiltins } from "../recording.ts";
import { sessionWatch } from "../session_watch.ts";

/** Has built-ins watched for a session, unless it has been stopped meanwhile, and another one started. */
export function watchFor(session: Session | null): void {
  if (currentSession() === session) watchBuiltins(sessionWatch);
}
