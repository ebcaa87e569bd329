// Browser compatible.
import { emptyArray } from "../../tables/safe_collections.ts";
import type { EmitterToken } from "./emitter_listeners.ts";
import { endWith } from "./owners.ts";

/** So many are looked at together. */
const MOST_YOUNG = 64;

/** Emitters' tokens, which lead to nothing of the program's. */
const young: (EmitterToken | undefined)[] = emptyArray(MOST_YOUNG);
let length = 0;

/**
 * Has the listeners of an emitter end with it, if there are any by the time of the next look. To register each emitter costs more than all
 * that is done for its listeners, and servers remove all that they have added to a request.
 */
export function endLater(token: EmitterToken): void {
  // First: this one has none yet.
  if (length === MOST_YOUNG) watchYoung();
  young[length++] = token;
}

/** Has those watched that have listeners: before garbage is collected, and before figures are read. */
export function watchYoung(): void {
  const shown = length;
  length = 0;
  for (let i = 0; i < shown; i++) {
    const token = young[i]!;
    young[i] = undefined;
    if (token.isEmpty()) token.isWatched = false;
    else {
      token.makeRing();
      endWith(token, token.ring);
    }
  }
}
