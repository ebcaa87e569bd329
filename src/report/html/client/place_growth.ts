// Browser compatible.
import type { ReportTimeline } from "../model.ts";

/** How much one place grew in a span of time. */
export interface Growth {
  /** Index into the timeline's places. */
  readonly place: number;
  /** Bytes at the end. */
  readonly size: number;
  /** Bytes more than at the start: no less than `least`, no more than `most`. */
  readonly least: number;
  readonly most: number;
}

/**
 * What grew most between two points of the timeline. A point holds the largest places only: one that it does not name
 * held no more than the smallest that it names, and so its growth is known within bounds.
 */
export function growthBetween(timeline: ReportTimeline, first: number, last: number): Growth[] {
  const { top, places, unnamed } = timeline;
  const [before, after] = [sizesAt(top[first]), sizesAt(top[last])];
  const found: Growth[] = [];
  for (let place = 0; place < places.length; place++) {
    const [old, now] = [before.get(place), after.get(place)];
    if (old === undefined && now === undefined) continue;
    const least = (now ?? 0) - (old ?? unnamed[first]);
    const most = (now ?? unnamed[last]) - (old ?? 0);
    found.push({ place, size: now ?? 0, least, most });
  }
  return found.sort((a, b) => b.most - a.most || b.size - a.size);
}

/** The point of the timeline nearest to a time. */
export function pointAt({ time }: ReportTimeline, wanted: number): number {
  let best = 0;
  for (let i = 1; i < time.length; i++) {
    if (Math.abs(time[i] - wanted) < Math.abs(time[best] - wanted)) best = i;
  }
  return best;
}

/** Where most was alive, in seconds and bytes. */
export interface PeakMark {
  readonly time: number;
  readonly bytes: number;
  /** What the curve shows at that time: points are some way apart, and the peak may lie between two of them. */
  readonly current: number;
}

/** @param known The peak itself, where the file tells it. */
export function peakMark({ time, current }: ReportTimeline, known: number | null): PeakMark {
  let best = 0;
  for (let i = 1; i < current.length; i++) if (current[i] > current[best]) best = i;
  return { time: time[best], bytes: Math.max(current[best], known ?? 0), current: current[best] };
}

function sizesAt(top: readonly number[]): Map<number, number> {
  const sizes = new Map<number, number>();
  for (let i = 0; i < top.length; i += 2) sizes.set(top[i], top[i + 1]);
  return sizes;
}
