// Browser compatible.
import { Token } from "./token.ts";

/** Of an object that no registry watches: whether it lives is found out by looking for its token. (Not derived: that took 5 ns.) */
export class UnwatchedToken {
  id: number;

  constructor(id: number) {
    this.id = id;
  }
}

/** A token of the kind that is wanted. */
export function newToken(id: number, isFollowed: boolean): Token | UnwatchedToken {
  return isFollowed ? new Token(id) : new UnwatchedToken(id);
}
