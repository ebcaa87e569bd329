// Browser compatible.
import { NameTable } from "../../tables/name_table.ts";
import type { ReportTimeline } from "./model.ts";
import { shortened } from "./output_names.ts";

const MOST_POINTS = 4096;
const MOST_PLACES = 16;
/** As many rows as the tracker notes: with fewer, there were no others. */
const NOTED = 8;
const LONGEST = 500;

/** The timeline that a snapshot's metadata holds. They come from a file: what is no point is left out. */
export function reportTimeline(value: unknown): ReportTimeline {
  const points = (Array.isArray(value) ? value : []).slice(0, MOST_POINTS).filter(isPoint);
  points.sort((a, b) => a.time - b.time);
  const places = new NameTable();
  return {
    time: points.map(({ time }) => time),
    current: points.map(({ current }) => current),
    top: points.map(({ top }) =>
      [...sumsByPlace(top)].flatMap(([place, bytes]) => [places.intern(place), bytes]),
    ),
    unnamed: points.map(({ top }) => smallest(top)),
    places: places.names,
  };
}

/** Rows of one line (its types and call paths) are one place. */
function sumsByPlace(top: readonly unknown[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const entry of top.slice(0, MOST_PLACES)) {
    if (!Array.isArray(entry)) continue;
    const [place, bytes]: unknown[] = entry;
    if (typeof place !== "string" || !isFigure(bytes)) continue;
    const name = shortened(place, LONGEST);
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return sums;
}

function smallest(top: readonly unknown[]): number {
  if (top.length < NOTED) return 0;
  const sizes = top.map((entry) => (Array.isArray(entry) ? Number(entry[1]) : Number.NaN));
  const least = sizes
    .filter(isFigure)
    .reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY);
  return Number.isFinite(least) ? least : 0;
}

function isPoint(value: unknown): value is { time: number; current: number; top: unknown[] } {
  if (typeof value !== "object" || value === null) return false;
  const { time, current, top } = value as Record<string, unknown>;
  return isFigure(time) && isFigure(current) && Array.isArray(top);
}

function isFigure(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}
