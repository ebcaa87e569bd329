// Browser compatible.

import { SafeMap, SafeWeakMap } from "../../tables/safe_collections.ts";
import type { Session } from "../session/session.ts";
import type { BlockTable } from "./block_table.ts";

/** By domain and key, the rows of blocks of the user's own. `clearTraces` makes a new table, which has none. */
const rowsOf = new SafeWeakMap<BlockTable, Map<number, Map<unknown, number>>>();

/** Counts a block of the user's own, in the place of what its key named before. */
export function trackBlock(
  { blocks, paths }: Session,
  { domain, key, size, depth }: { domain: number; key: unknown; size: number; depth: number },
): void {
  let domains = rowsOf.get(blocks);
  if (domains === undefined) rowsOf.set(blocks, (domains = new SafeMap()));
  let keys = domains.get(domain);
  if (keys === undefined) domains.set(domain, (keys = new SafeMap()));
  const old = keys.get(key);
  if (old !== undefined) blocks.free(old, 1);
  const row = blocks.row(paths.current(depth), 0, blocks.typeOf(`domain ${domain}`, domain), size);
  blocks.count(row);
  blocks.follow(row, 1);
  keys.set(key, row);
}

/** Takes it away. */
export function untrackBlock({ blocks }: Session, domain: number, key: unknown): void {
  const keys = rowsOf.get(blocks)?.get(domain);
  const old = keys?.get(key);
  if (old === undefined) return;
  blocks.free(old, 1);
  keys!.delete(key);
}
