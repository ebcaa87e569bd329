// Browser compatible.

import { Timeline } from "../../traces/timeline.ts";
// What `start_recording.ts` fetches once a page records.
import { currentSession } from "../recording.ts";

/** Gives the session that records its timeline. */
export function addTimeline(): void {
  const session = currentSession();
  if (session !== null) session.timeline ??= new Timeline(session.started);
}
