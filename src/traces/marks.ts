// Browser compatible.

import { SafeWeakMap } from "../sites/safe_collections.ts";
import type { BlockTable } from "./block_table.ts";

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
  /** The marked objects, and what is held of each (`heldOf`), or of its token. Absent where each object bears a token. */
  readonly held?: WeakMap<object, number | { readonly held: number }>;
}

/** More than a sampler has decisions. */
export const DECISIONS = 64;

/** A block's id and the sampler's decision, -1 or more, as one number. (A row's number alone may take 26 bits.) */
export function heldOf(id: number, decision: number): number {
  return id * DECISIONS + decision + 1;
}

/** The block's id. */
export function heldId(held: number): number {
  return (held - (held % DECISIONS)) / DECISIONS;
}

/** The sampler's decision. */
export function heldDecision(held: number): number {
  return (held % DECISIONS) - 1;
}

/**
 * Few objects are marked. A field on some of a line's objects and not on the others would give them two shapes, and the
 * program's own code would slow down over it; a WeakMap leaves the objects alone, and asking it for an object that is in
 * no WeakMap is quick: it has no identity hash.
 */
export class MapMarks implements Marks {
  readonly areForAll = false;
  readonly held: WeakMap<object, number> = new SafeWeakMap();

  of(object: object): number {
    const held = this.held.get(object);
    return held === undefined ? -1 : heldId(held);
  }

  put(object: object, { firstId }: BlockTable, row: number, decision: number): object {
    this.held.set(object, heldOf(firstId + row, decision));
    return object;
  }

  handleOf(object: object): object | null {
    return this.held.has(object) ? object : null;
  }
}
