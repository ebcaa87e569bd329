import type { GrowthRule } from "../../src/vocabulary/growth_rule.ts";

/** How often a window is looked at. */
const LOOKS = 60;
/** Of the window, the time after the start in which a program fills what it always has. */
const WARM_UP = 1 / 5;
/** Bytes: programs with next to nothing double that by an error message. */
const LEAST_GROWTH = 2 ** 20;
/** Of the window: a program's garbage comes and goes, and each collection that shows that stops it. */
const REST = 1 / 10;

/** Seconds between two looks. */
export function lookEvery({ window }: GrowthRule): number {
  return Math.min(5, window / LOOKS);
}

/** Tells when live memory has grown. Times are in seconds, from some moment on, memory in bytes. */
export class GrowthWatch {
  readonly #rule: GrowthRule;
  /** What was alive at most, by time; the oldest first. */
  #points: { time: number; live: number }[] = [];
  #notBefore: number;

  constructor(rule: GrowthRule, now: number) {
    this.#rule = rule;
    this.#notBefore = now + rule.window * WARM_UP;
  }

  /** Whether garbage should be collected, to find out by {@linkcode settled} whether what has grown is alive. */
  look(now: number, live: number): boolean {
    if (now < this.#notBefore) return false;
    const isMuch = this.#isGrown(now, live);
    if (!isMuch) this.#points.push({ time: now, live });
    return isMuch;
  }

  /** Whether what is alive after a collection has grown by so much: by how much since when. Whatever it says, it rests. */
  settled(now: number, live: number): { from: number; seconds: number } | null {
    const isGrown = this.#isGrown(now, live);
    const least = this.#least();
    // The next is by as much more than this one.
    if (isGrown) this.#points = [];
    this.#points.push({ time: now, live });
    this.#notBefore = now + this.#rule.window * REST;
    return isGrown ? { from: least.live, seconds: now - least.time } : null;
  }

  #isGrown(now: number, live: number): boolean {
    const { share, window } = this.#rule;
    // The newest stays, however old it is: a job or a collection may have taken as long as the window.
    const { length } = this.#points;
    this.#points = this.#points.filter(({ time }, index) => time >= now - window || index === length - 1);
    const { live: least } = this.#least();
    return live - least >= Math.max(LEAST_GROWTH, least * share);
  }

  #least(): { time: number; live: number } {
    return this.#points.reduce((least, point) => (point.live <= least.live ? point : least), {
      time: 0,
      live: Number.POSITIVE_INFINITY,
    });
  }
}
