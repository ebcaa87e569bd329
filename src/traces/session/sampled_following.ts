// Browser compatible.
import type { FollowingOptions } from "../following/following.ts";
import { WideFollowing } from "../following/wide_following.ts";
import type { Session } from "./session.ts";

/** Follows blocks that stand for others, and moves what it follows to the row of its path. */
export class SampledFollowing extends WideFollowing {
  readonly #session: Session;
  readonly #countsWeights: boolean;

  /** @param countsWeights Whether what a block stands for has not been counted: where samples are all that is known. */
  constructor(session: Session, options: FollowingOptions, countsWeights = false) {
    super(session.rows, session, options);
    this.#session = session;
    this.#countsWeights = countsWeights;
  }

  override mark(site: number, row: number, object: object, decision: number): void {
    super.mark(site, this.#place(row, decision), object, decision);
  }

  override markMore(row: number, owner: object, decision: number): number {
    return super.markMore(this.#place(row, decision), owner, decision);
  }

  /** Gives the row to follow the block in. There, one block is counted when it is followed. */
  #place(row: number, decision: number): number {
    if (decision < 0) return row;
    const { blocks, natives, options } = this.#session;
    const size = blocks.size.at(row);
    const weight = options.sampler.weight(decision, size);
    const placed = natives?.place(blocks, row) ?? row;
    if (this.#countsWeights) blocks.count(row, placed === row ? weight - 1 : weight);
    else if (placed !== row) blocks.count(row);
    // Figures by path are made of this.
    if (placed !== row) blocks.count(placed, weight - 1);
    return placed;
  }
}
