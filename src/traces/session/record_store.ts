// Browser compatible.
import { viewSize } from "../../track/objects/view_size.ts";
import type { Session } from "./session.ts";

/**
 * Bytes outside the heap that are likely to have one view. To mark a buffer costs a third of a small typed array's time, and nothing
 * beside a kilobyte's.
 */
const LARGEST_UNSHARED = 1000;

/**
 * Records the bytes outside the heap that a new view or buffer shows, and that no block stands for yet. Gives how many they stand for.
 * The small Buffers of Node and Deno share pools of some kilobytes: a pool counts once, and by bytes each view's own part of it.
 */
export function recordStore(
  session: Session,
  site: number,
  row: number,
  store: ArrayBufferLike,
  value: object,
): number {
  const { blocks } = session;
  const size = blocks.size.at(row);
  if (size <= LARGEST_UNSHARED) return session.recordMore(site, row, store);
  const shown = value === store ? size : (viewSize(value) ?? size);
  if (shown < size && session.recordPart) return session.recordPart(site, row, value, shown);
  // Buffers of which parts are shown are few beside their views: each is followed.
  const weight =
    shown < size ? session.following.markMore(row, store, 0) : session.recordMore(site, row, store);
  // The views of one buffer come one after the other, and each would count it again.
  if (weight === 0) session.following.marks.put(store, blocks, row, -1);
  return weight;
}
