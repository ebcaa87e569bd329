// Browser compatible.
import { WideFollowing } from "../following/wide_following.ts";
import { Session, type SessionOptions } from "./session.ts";

/** A session that looks at what pages do without. */
export class WideSession extends Session {
  constructor(options: SessionOptions) {
    super(options);
    this.following = new WideFollowing(this.rows, this, options);
  }
}
