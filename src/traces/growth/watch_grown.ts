// Browser compatible.
// In pages, `watch_grown_in_page.ts` takes its place ("browser" of package.json).

import { clock } from "../../host/clock.ts";
import { max, min } from "../../tables/own_math.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import type { Session } from "../session/session.ts";
import { Timeline } from "../session/timeline.ts";
import { lookAtGrown } from "./grown.ts";

/** Looks may take one part of so many of the run. */
const SHARE_OF_RUN = 200;

/**
 * In ms, what a container counts for, unless two looks took longer: a process that had to wait its turn was not busy with it, and one with millions of
 * keys takes a tenth of a second each time.
 */
const USUAL_COST = 0.002;

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
      const cost = min(took, max(USUAL_COST * (1 + this.#session.following.growth.count), this.#lastTook));
      this.#lastTook = took;
      this.#nextLook = then + SHARE_OF_RUN * cost;
    }
    super.look(then, blocks);
  }
}

/** Has the session's timeline look at them. */
export function watchGrown(session: Session): void {
  session.ticker!.timeline = new WatchingTimeline(session.started, session);
}
