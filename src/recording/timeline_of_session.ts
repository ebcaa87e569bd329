// Browser compatible.
import { Ticker } from "../traces/session/ticker.ts";
import { currentSession } from "./recording.ts";

/** Gives the session that records its timeline. */
export function addTimeline(): void {
  const session = currentSession();
  if (session !== null) session.ticker ??= new Ticker(session);
}
