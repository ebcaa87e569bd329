// Browser compatible.
import { clock } from "../../host/clock.ts";
import type { Session } from "./session.ts";
import { Timeline } from "./timeline.ts";

// Allocations between two looks at the clock, at first; then as many as take about 10 ms.
const FIRST_TICK = 2 ** 12;
const LEAST_TICK = 2 ** 8;
const MOST_TICK = 2 ** 24;
const TICK_MS = 10;
// A block of so many bytes counts for two allocations, log₂.
const TICK_SIZE_SHIFT = 6;

/** Who may have one. */
export interface Ticking {
  readonly ticker: Ticker | null;
}

/** Ticks now and then on the slow path, some 10 ms of allocating apart: for the timeline, and whatever else wants to look. */
export class Ticker {
  timeline: Timeline;
  /** Called at each tick. */
  onTick: (() => void) | null = null;
  readonly #session: Session;
  #untilTick = FIRST_TICK;
  #tickLength = FIRST_TICK;
  #lastTick = clock();

  constructor(session: Session) {
    this.#session = session;
    this.timeline = new Timeline(session.started);
  }

  /** So much nearer is the next tick: few large blocks fill the heap as well as many small ones. */
  passed(blocks: number, size: number): void {
    this.#untilTick -= blocks * (1 + (size >>> TICK_SIZE_SHIFT));
    if (this.#untilTick <= 0) this.#tick();
  }

  #tick(): void {
    const now = clock();
    const elapsed = now - this.#lastTick;
    if (elapsed < TICK_MS / 2 && this.#tickLength < MOST_TICK) this.#tickLength *= 2;
    else if (elapsed > TICK_MS * 2 && this.#tickLength > LEAST_TICK) this.#tickLength /= 2;
    this.#untilTick = this.#tickLength;
    this.#lastTick = now;
    this.timeline.look(now, this.#session.blocks);
    this.onTick?.();
  }
}
