// Browser compatible.

import { SafeWeakMap } from "../../tables/safe_collections.ts";
import type { BlockTable } from "../blocks/block_table.ts";

/** Which block an object was counted in: what answers "already counted?" and `getObjectTraceback`. */
export interface Marks {
  /** Whether every object is marked, or only those that are followed. */
  readonly areForAll: boolean;
  /** The block's id, or -1. */
  of(object: object): number;
  /**
   * Gives what the engine shall be asked to watch if the object is followed: it dies with the object. (No object of options:
   * exact mode marks each object.)
   *
   * @param decision The sampler's; -1: the object is not followed.
   */
  put(object: object, blocks: BlockTable, row: number, decision: number): object;
  /** What `put` gave; null: the object is not marked. */
  handleOf(object: object): object | null;
  /** The marked objects, and what is held of each (`heldOf`), or of its token. Absent in pages, and where each object bears a token. */
  readonly held?: WeakMap<object, number | { readonly held: number }>;
}

/**
 * Few objects are marked. A field on some of a line's objects and not on the others would give them two shapes, and the
 * program's own code would slow down over it; a WeakMap leaves the objects alone, and asking it for an object that is in
 * no WeakMap is quick: it has no identity hash. (Pages' marks; others keep more: `marks_for_some.ts`.)
 */
export class MapMarks implements Marks {
  readonly areForAll = false;
  readonly #ids = new SafeWeakMap<object, number>();

  of(object: object): number {
    return this.#ids.get(object) ?? -1;
  }

  put(object: object, { firstId }: BlockTable, row: number): object {
    this.#ids.set(object, firstId + row);
    return object;
  }

  handleOf(object: object): object | null {
    return this.#ids.has(object) ? object : null;
  }
}
