// Browser compatible.

import { SafeWeakMap } from "../sites/safe_collections.ts";

/** Which block an object was counted in: what answers "already counted?" and `getObjectTraceback`. */
export interface Marks {
  /** The block's id, or -1. */
  of(object: object): number;
  put(object: object, id: number, isRegExp: boolean): void;
}

/**
 * Few objects are marked. A field on some of a line's objects and not on the others would give them two shapes, and the
 * program's own code would slow down over it; a WeakMap leaves the objects alone, and asking it for an object that is in
 * no WeakMap is quick: it has no identity hash.
 */
export class MapMarks implements Marks {
  readonly #ids = new SafeWeakMap<object, number>();

  of(object: object): number {
    return this.#ids.get(object) ?? -1;
  }

  put(object: object, id: number): void {
    this.#ids.set(object, id);
  }
}
