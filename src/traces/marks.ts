// Browser compatible.

import { SafeWeakMap } from "../sites/safe_collections.ts";
import { Token } from "../track/token.ts";

/** Which block an object was counted in: what answers "already counted?" and `getObjectTraceback`. */
export interface Marks {
  /** The block's id, or -1. */
  of(object: object): number;
  /** Gives what the engine shall be asked to watch, that it dies with the object. The same each time. */
  put(object: object, id: number, isRegExp: boolean): object;
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
    let token = this.#tokens.get(object);
    if (token === undefined) this.#tokens.set(object, (token = new Token(id)));
    else token.id = id;
    return token;
  }
}
