// Browser compatible.
import { host } from "../../host/host.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import type { Backing } from "../../track/objects/shape.ts";
import { isDataView, viewSize } from "../../track/objects/view_size.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import type { Session } from "./session.ts";

/**
 * Bytes outside the heap that are likely to have one view. To mark a buffer costs a third of a small typed array's time, and nothing
 * beside a kilobyte's.
 */
const LARGEST_UNSHARED = 1000;

const { getPrototypeOf } = Reflect;
const BufferPrototype: object | undefined = host.Buffer?.prototype;
const POOL_SIZE = host.Buffer?.poolSize ?? Number.POSITIVE_INFINITY;
/** From Node 26 on a pool has so many bytes more than `Buffer.poolSize`, for its alignment. */
const BESIDE = 64;

/** A pool, and where its bytes will count. */
interface Pool {
  readonly store: ArrayBufferLike;
  readonly blocks: BlockTable;
  readonly row: number;
}

/**
 * By session, the pool that small Buffers are cut from now. The runtime holds it, whatever the program does, and whichever line happened to
 * ask when the last one was full: it counts for that line once the runtime has gone on to the next one.
 */
const newest = new SafeWeakMap<Session, Pool>();

/**
 * Whether a new view was given its buffer, which is then counted by itself. Small buffers bear no mark that would tell it where not all
 * objects do: what shows a part of one, or can make none, has not made it.
 */
export function isGiven({ following }: Session, { size }: Backing, view: object): boolean {
  if (following.marks.areForAll || size > LARGEST_UNSHARED) return false;
  return isDataView(view) || viewSize(view)! < size;
}

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
  const isPool = shown < size && size >= POOL_SIZE && size <= POOL_SIZE + BESIDE;
  if (isPool && getPrototypeOf(value) === BufferPrototype) {
    countLater(session, { store, blocks, row });
    return 0;
  }
  // Buffers of which parts are shown are few beside their views: each is followed.
  const weight =
    shown < size ? session.following.markMore(row, store, 0) : session.recordMore(site, row, store);
  // The views of one buffer come one after the other, and each would count it again.
  if (weight === 0) session.following.marks.put(store, blocks, row, -1);
  return weight;
}

/** Counts the pool that was the newest, if that is of blocks that still are the session's. */
function countLater(session: Session, pool: Pool): void {
  const { following, blocks } = session;
  const former = newest.get(session);
  newest.set(session, pool);
  // Its views are told from those of a buffer that nobody knows.
  following.marks.put(pool.store, blocks, pool.row, -1);
  if (former?.blocks === blocks) following.markMore(former.row, former.store, 0);
}
