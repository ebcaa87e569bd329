// Browser compatible.

import type { Session } from "../traces/session/session.ts";
import { currentSession } from "./recording.ts";

/**
 * The session that records.
 *
 * @throws {Error} when there is none: then nobody can do what is asked.
 */
export function tracing(what: string): Session {
  const session = currentSession();
  if (session === null)
    throw new Error(`the tracemalloc module must be tracing memory allocations to ${what}`);
  return session;
}
