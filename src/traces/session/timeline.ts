// Browser compatible.

import { max } from "../../tables/own_math.ts";
import { append } from "../../tables/safe_collections.ts";
import type { BlockTable } from "../blocks/block_table.ts";

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
 * A look may take one part in 200 of the run. So many rows put the next one off by 1 ms, as if each took 10 ns (2 on V8, 1 on
 * JavaScriptCore). By the clock, a process that had to wait its turn within a look of microseconds would have no point for seconds.
 */
const ROWS_A_MS = 500;

/** Lines that a point names. */
const MOST_LINES = 8;

/**
 * The course of the traced size, in a fixed number of points: when they are used up, every second one goes, and from then
 * on points are taken half as often. A point costs one look at all rows; a run of any length has some 512 + 256·log₂(n).
 */
export class Timeline {
  points: TimelinePoint[] = [];
  readonly #started: number;
  #every = 20;
  #next = 0;

  /** @param started The moment that times are counted from. */
  constructor(started: number) {
    this.#started = started;
  }

  /** What takes its place when the session begins anew. */
  restarted(started: number): Timeline {
    return new Timeline(started);
  }

  /** Takes a point, if one is due. */
  look(now: number, blocks: BlockTable): void {
    if (!this.isDue(now)) return;
    blocks.placeDeaths(true);
    this.add(now, max(0, blocks.current), largestRows(blocks));
    this.wait(blocks.site.length / ROWS_A_MS);
  }

  /** Whether a point is due. */
  isDue(now: number): boolean {
    return now >= this.#next;
  }

  add(now: number, current: number, top: TimelinePoint["top"]): void {
    append(this.points, { time: now - this.#started, current, top });
    if (this.points.length >= MOST_POINTS) {
      // Every second one goes.
      const { points } = this;
      this.points = [];
      for (let i = 0; i < points.length; i += 2) append(this.points, points[i]);
      this.#every *= 2;
    }
    this.#next = now + this.#every;
  }

  /** Puts the next point off to so many milliseconds after the last one, where it would come sooner. */
  wait(milliseconds: number): void {
    this.#next += max(0, milliseconds - this.#every);
  }
}

/** The rows that hold most, and their bytes, largest first. */
function largestRows({ site, live, size, grown }: BlockTable): [row: number, bytes: number][] {
  const top: [number, number][] = [];
  for (let row = 0; row < site.length; row++) {
    const bytes = live.at(row) * size.at(row) + (grown?.beyond[row] ?? 0);
    if (bytes <= (top[MOST_LINES - 1]?.[1] ?? 0)) continue;
    let at = top.length < MOST_LINES ? append(top, [row, bytes]) - 1 : MOST_LINES - 1;
    for (; at > 0 && top[at - 1][1] < bytes; at--) top[at] = top[at - 1];
    top[at] = [row, bytes];
  }
  return top;
}
