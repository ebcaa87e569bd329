// Browser compatible.
// What `start_recording.ts` fetches to follow all objects, or one in so many bytes.

import type { CheckedOptions } from "../../vocabulary/start_options.ts";
import { currentSession } from "../recording.ts";
import { startSession } from "../start_session.ts";

/** Starts recording, whatever shall be sampled; gives whether it has started now. */
export function startInMode(options: CheckedOptions): boolean {
  if (currentSession() !== null) return false;
  startSession(options);
  return true;
}
