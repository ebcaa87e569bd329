// Browser compatible.
import { askV8 } from "../../host/v8_answers.ts";
import type { Session } from "../../traces/session/session.ts";
import { sitePlace } from "../../track/calls/site_place.ts";
import { entriesOf, type KeyKinds, keyKindsOf } from "../../track/objects/entries.ts";

// What a snapshot says of its largest lines, besides figures: how old their blocks are, and which containers have grown.

/** Lines, and containers, that are told: the metadata must stay small beside what the snapshot itself is. */
const MOST_LINES = 256;
const MOST_CONTAINERS = 32;
/** Fewer entries more are no growth. */
const LEAST_ENTRIES = 1000;

/** How many of a line's blocks, estimated, are of which age: less than 1 s, 2 s, 4 s, …. */
export type AgeLine = readonly [place: string, ages: readonly number[]];

/** A container that has more entries than when it was made. */
export interface GrownContainer {
  /** The line that made it. */
  readonly place: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
  /** How many of the entries' keys (of an array, a set: of its values) are of which kind; of large ones, of a sample. */
  readonly keys: KeyKinds;
}

/** The ages of those lines of which most blocks are alive. */
export function ageLines({ blocks }: Session): AgeLine[] {
  const byLine = new Map<string, Float64Array>();
  for (const [site, ages] of blocks.ages?.bySite() ?? []) {
    const place = placeOf(site);
    const sum = byLine.get(place);
    if (sum === undefined) byLine.set(place, ages);
    else for (let age = 0; age < ages.length; age++) sum[age] += ages[age];
  }
  return [...byLine]
    .map(([place, ages]) => ({ place, ages, count: ages.reduce((sum, count) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_LINES)
    .map(({ place, ages }): AgeLine => {
      const last = ages.findLastIndex((count) => count > 0);
      return [place, Array.from(ages.subarray(0, last + 1), (count) => Math.round(count * 10) / 10)];
    });
}

/** The containers that have grown by most entries. Those alone are looked at that have been seen to take more than when they were made. */
export function grownContainers({ blocks, following }: Session): GrownContainer[] {
  const { watched, count } = following.growth;
  const found: { object: object; site: number; row: number; from: number; to: number }[] = [];
  for (let i = 0; i < count; i++) {
    const each = watched[i];
    if (each?.largest === undefined || each.isExternal) continue;
    const object = each.ref.deref();
    const to = object === undefined ? 0 : entriesOf(object, each.initial.holder);
    const from = each.initial.length;
    if (object !== undefined && to - from >= LEAST_ENTRIES)
      found.push({ object, site: each.site, row: each.row, from, to });
  }
  if (found.length === 0) return [];
  const answers = askV8();
  return found
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MOST_CONTAINERS)
    .map(({ object, site, row, from, to }) => ({
      place: placeOf(site),
      type: blocks.types[blocks.type.at(row)].name,
      from,
      to,
      keys: keyKindsOf(object, answers),
    }));
}

function placeOf(site: number): string {
  if (site === 0) return "<unknown>:0";
  const { filename, line } = sitePlace(site);
  return `${filename}:${line}`;
}
