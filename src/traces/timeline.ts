// Browser compatible.
import { append } from "../sites/safe_collections.ts";

/** How much was alive at one moment. */
export interface TimelinePoint {
  /** Milliseconds since tracing started. */
  readonly time: number;
  /** Bytes. */
  readonly current: number;
  /** The rows that held most then, and their bytes, largest first. */
  readonly top: readonly (readonly [row: number, bytes: number])[];
}

const MOST_POINTS = 512;

/**
 * The course of the traced size, in a fixed number of points: when they are used up, every second one goes, and from then
 * on points are taken half as often. A point costs one look at all rows; a run of any length has some 512 + 256·log₂(n).
 */
export class Timeline {
  readonly #started: number;
  points: TimelinePoint[] = [];
  #every = 20;
  #next = 0;

  constructor(now: number) {
    this.#started = now;
  }

  /** Whether a point is due. */
  isDue(now: number): boolean {
    return now - this.#started >= this.#next;
  }

  add(now: number, current: number, top: TimelinePoint["top"]): void {
    const time = now - this.#started;
    append(this.points, { time, current, top });
    if (this.points.length >= MOST_POINTS) {
      this.points = this.points.filter((_, index) => index % 2 === 0);
      this.#every *= 2;
    }
    this.#next = time + this.#every;
  }

  /** Puts the next point off to so many milliseconds after the last one, where it would come sooner. */
  wait(milliseconds: number): void {
    this.#next = Math.max(this.#next, this.#next - this.#every + milliseconds);
  }
}
