// Browser compatible.

import { SafeWeakMap } from "../sites/safe_collections.ts";
import { Token } from "../track/token.ts";

/** Which block an object was counted in: what answers "already counted?" and `getObjectTraceback`. */
export interface Marks {
  /** The block's id, or -1. */
  of(object: object): number;
  /**
   * Gives what the engine shall be asked to watch if the object is followed: it dies with the object. (No object of options:
   * exact mode marks each object.)
   */
  put(object: object, id: number, isRegExp: boolean, isFollowed: boolean): object;
  /** As `put`, for an object that has just been made, no RegExp, and is not followed. */
  putLoose(object: object, id: number): void;
  /** What `put` gave; null: the object is not marked. */
  handleOf(object: object): object | null;
}

/**
 * Few objects are marked. A field on some of a line's objects and not on the others would give them two shapes, and the
 * program's own code would slow down over it; a WeakMap leaves the objects alone, and asking it for an object that is in
 * no WeakMap is quick: it has no identity hash.
 */
export class MapMarks implements Marks {
  readonly #tokens = new SafeWeakMap<object, Token>();

  of(object: object): number {
    return this.#tokens.get(object)?.id ?? -1;
  }

  put(object: object, id: number): object {
    const token = new Token(id);
    this.#tokens.set(object, token);
    return token;
  }

  putLoose(object: object, id: number): void {
    this.put(object, id);
  }

  handleOf(object: object): object | null {
    return this.#tokens.get(object) ?? null;
  }
}
