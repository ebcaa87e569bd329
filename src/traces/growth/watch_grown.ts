// Browser compatible.
// In pages, `watch_grown_in_page.ts` takes its place ("browser" of package.json).

import { clock } from "../../host/clock.ts";
import { processMemory } from "../../host/process_memory.ts";
import { floor } from "../../tables/own_math.ts";
import { append } from "../../tables/safe_collections.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import { Ages } from "../following/ages.ts";
import { LabelShares } from "../following/label_shares.ts";
import { labelSets } from "../labels/labels.ts";
import type { Session } from "../session/session.ts";
import { Timeline } from "../session/timeline.ts";
import { costOfLook } from "./cost_of_look.ts";
import { lookAtGrown } from "./grown.ts";

/** Looks may take one part of so many of the run. */
const SHARE_OF_RUN = 200;

/** Milliseconds since tracing started, and bytes: resident, of the heap, outside of it. */
export type MemoryPoint = readonly [time: number, rss: number, heapTotal: number, external: number];

/** Of these, every second one goes when they are used up. */
const MOST_MEMORY_POINTS = 128;

/** A timeline that looks at what containers have grown to before it takes a point. */
class WatchingTimeline extends Timeline {
  readonly #session: Session;
  #nextLook = 0;
  #lastTook = 0;
  memory: MemoryPoint[] = [];
  #memoryEvery = 20;
  #nextMemory = 0;
  readonly #from: number;

  constructor(started: number, session: Session) {
    super(started);
    this.#session = session;
    this.#from = started;
    this.lookAtMemory(started);
  }

  /** Notes what the whole process has, if that is due: some 10 µs. */
  lookAtMemory(now: number): void {
    if (now < this.#nextMemory) return;
    const point = this.memoryAt(now);
    if (point !== null) append(this.memory, point);
    if (this.memory.length >= MOST_MEMORY_POINTS) {
      const points = this.memory;
      this.memory = [];
      for (let i = 0; i < points.length; i += 2) append(this.memory, points[i]);
      this.#memoryEvery *= 2;
    }
    this.#nextMemory = now + this.#memoryEvery;
  }

  memoryAt(now: number): MemoryPoint | null {
    const memory = processMemory();
    return memory && [floor(now - this.#from), memory.rss, memory.heapTotal, memory.external];
  }

  /** The session has been cleared: its blocks are other ones. */
  override restarted(started: number): WatchingTimeline {
    noteAges(this.#session);
    return new WatchingTimeline(started, this.#session);
  }

  override look(now: number, blocks: BlockTable): void {
    if (!this.isDue(now)) return;
    this.lookAtMemory(now);
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

/** What the whole process had over the time, and last what it has now; empty where nobody looks. */
export function memoryPoints({ ticker }: Session): readonly MemoryPoint[] {
  const timeline = ticker?.timeline;
  if (!(timeline instanceof WatchingTimeline)) return [];
  const now = timeline.memoryAt(clock());
  return now === null ? timeline.memory : [...timeline.memory, now];
}

/** Has it known when some of the blocks that are followed were made. */
function noteAges({ blocks, options: { sampler, seed } }: Session): void {
  blocks.ages = new Ages(blocks, sampler, seed);
  // Where labels are used first while this records, `withLabels` does it.
  if (labelSets.areUsed) blocks.labels = new LabelShares(blocks, sampler, seed);
}

/** Has the session's timeline look at them. */
export function watchGrown(session: Session): void {
  session.ticker!.timeline = new WatchingTimeline(session.started, session);
  noteAges(session);
}
