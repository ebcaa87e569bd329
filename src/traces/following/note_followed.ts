// Browser compatible.
import type { BlockTable } from "../blocks/block_table.ts";

/** Has what is noted of some blocks that are followed noted, whoever marks them. */
export function noteFollowed(target: object, blocks: BlockTable, row: number, decision: number): void {
  blocks.ages?.note(target, row, decision);
  blocks.labels?.note(target, row, decision);
}
