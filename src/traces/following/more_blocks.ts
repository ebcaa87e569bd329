// Browser compatible.

import { append, SafeWeakMap } from "../../tables/safe_collections.ts";
import { heldOf } from "./held.ts";

/** Blocks that live as long as an object that is a block itself: what is held of each, by that object. */
export class MoreBlocks {
  readonly held: WeakMap<object, number[]> = new SafeWeakMap();

  note(owner: object, id: number, decision: number): void {
    const held = this.held.get(owner) ?? [];
    append(held, heldOf(id, decision));
    this.held.set(owner, held);
  }
}
