// Browser compatible.
// In pages, `watch_grown_in_page.ts` takes its place ("browser" of package.json).

import { clock } from "../../host/clock.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import type { Session } from "../session/session.ts";
import { Timeline } from "../session/timeline.ts";
import { costOfLook } from "./cost_of_look.ts";
import { lookAtGrown } from "./grown.ts";

/** Looks may take one part of so many of the run. */
const SHARE_OF_RUN = 200;

/** A timeline that looks at what containers have grown to before it takes a point. */
class WatchingTimeline extends Timeline {
  readonly #session: Session;
  #nextLook = 0;
  #lastTook = 0;

  constructor(started: number, session: Session) {
    super(started);
    this.#session = session;
  }

  override look(now: number, blocks: BlockTable): void {
    if (!this.isDue(now)) return;
    let then = now;
    if (now >= this.#nextLook) {
      lookAtGrown(this.#session, false);
      then = clock();
      const took = then - now;
      this.#nextLook =
        then + SHARE_OF_RUN * costOfLook(took, this.#lastTook, this.#session.following.growth.count);
      this.#lastTook = took;
    }
    super.look(then, blocks);
  }
}

/** Has the session's timeline look at them. */
export function watchGrown(session: Session): void {
  session.ticker!.timeline = new WatchingTimeline(session.started, session);
}
