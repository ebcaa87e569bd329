// Browser compatible.
import type { Session } from "./session.ts";

/** The pages' budget of bytes has no room for it. */
export function isGiven(): undefined {}

/** As `record_store.ts`, for pages, which have no pools of buffers. */
export function recordStore(session: Session, site: number, row: number, store: ArrayBufferLike): number {
  return session.recordMore(site, row, store);
}
