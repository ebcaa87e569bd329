// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";

// What stands out about lines in one snapshot: rules, not judgements. None of them can know whether memory is still needed.

/** What makes a line a suspect by the timeline of one snapshot. */
export const TENTHS_RULE =
  "the least that the line held in each tenth of the run is more than in the tenth before, and it holds as much now; known of lines that were among the eight largest rows";

/** What tells blocks that grow old from those that are all young. */
export const AGES_RULE =
  "blocks grow old where a tenth or more of them are older than a quarter of the run, and a tenth or more younger than half of it; they are young where all are younger than an eighth of it. Estimated from some of them";

/** What a container has to do to be named. */
export const CONTAINERS_RULE =
  "a container is named that has 1,000 entries or more beyond those that it was made with; kinds of keys are counted, of large ones by a sample";

const TENTHS = 10;
/** Shorter runs are all beginning, in ms. */
const LEAST_RUN = 2000;
const SOME = 0.1;
const OLD = 1 / 4;
const HALF = 1 / 2;
const YOUNG = 1 / 8;

// Of a file's figures no more is read.
const MOST_POINTS = 4096;
const MOST_ROWS = 16;
const MOST_LINES = 1024;
const MOST_AGES = 64;
const MOST_CONTAINERS = 256;
const LONGEST_PLACE = 4096;
const LONGEST_NAME = 200;
/** As many rows as a point of the timeline names: with fewer, there were no others. */
const NAMED = 8;

/** How old the blocks of a line are. */
export interface LineAges {
  /** Shares of its blocks: less than 1 s, 2 s, 4 s, … old. */
  readonly shares: readonly number[];
  /** In so many seconds half of them were made, rounded up to a power of two. */
  readonly median: number;
  /** None is older than so many seconds. */
  readonly oldest: number;
  readonly verdict: "young" | "growing old" | "neither";
}

/** A container that has more entries than when it was made. */
export interface MarkedContainer {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  /** The most frequent first. */
  readonly keys: readonly (readonly [kind: string, count: number])[];
}

/** What stands out about a line. */
export interface LineMark {
  /** `file:line`. */
  readonly key: string;
  /** Whether it grew in every tenth of the run. */
  readonly grew: boolean;
  /** Null: not known. */
  readonly ages: LineAges | null;
  readonly containers: readonly MarkedContainer[];
}

/** What stands out, by line. */
export type LineMarks = ReadonlyMap<string, LineMark>;

/** Reads what a snapshot tells of its lines. It comes from a file: there may be any number of anything. */
export function lineMarks(snapshot: Pick<Snapshot, "metadata" | "statistics">): LineMarks {
  const { metadata } = snapshot;
  const points = pointsOf(metadata.timeline);
  const grown = stillHeld(grownInTenths(points), snapshot);
  const run = Math.max(points.at(-1)?.time ?? 0, lastMemoryPoint(metadata.process)) / 1000;
  const ages = agesOf(metadata.ages, run);
  const containers = containersOf(metadata.containers);
  const marks = new Map<string, LineMark>();
  for (const key of new Set([...grown, ...containers.keys(), ...ages.keys()]))
    marks.set(key, {
      key,
      grew: grown.has(key),
      ages: ages.get(key) ?? null,
      containers: containers.get(key) ?? [],
    });
  return marks;
}

/** How many entries the containers of each line have together, as far as a snapshot names them. */
export function containerEntries({ metadata }: Pick<Snapshot, "metadata">): ReadonlyMap<string, number> {
  const sums = [...containersOf(metadata.containers)].map(
    ([place, containers]) => [place, containers.reduce((sum, { to }) => sum + to, 0)] as const,
  );
  return new Map(sums);
}

interface Point {
  readonly time: number;
  readonly top: ReadonlyMap<string, number>;
  /** No line that is not named holds more. */
  readonly unnamed: number;
}

function pointsOf(value: unknown): Point[] {
  const points = (Array.isArray(value) ? value : []).slice(0, MOST_POINTS).flatMap((each: unknown) => {
    if (typeof each !== "object" || each === null) return [];
    const { time, top } = each as Record<string, unknown>;
    if (!isFigure(time) || !Array.isArray(top)) return [];
    return [{ time, ...namedOf(top.slice(0, MOST_ROWS)) }];
  });
  return points.sort((a, b) => a.time - b.time);
}

function namedOf(rows: readonly unknown[]): Omit<Point, "time"> {
  const top = new Map<string, number>();
  let least = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (!Array.isArray(row)) continue;
    const [place, bytes]: unknown[] = row;
    if (!isPlace(place) || !isFigure(bytes)) continue;
    // Several rows of a line, of which some may not be named: at least so much.
    top.set(place, (top.get(place) ?? 0) + bytes);
    least = Math.min(least, bytes);
  }
  return { top, unnamed: rows.length < NAMED ? 0 : least };
}

/** Lines of which it is certain, whatever was not named, that they held more in each tenth of the run than in the one before. */
function grownInTenths(points: readonly Point[]): ReadonlyMap<string, number> {
  const end = points.at(-1)?.time ?? 0;
  const grown = new Map<string, number>();
  if (end < LEAST_RUN) return grown;
  const tenths: Point[][] = Array.from({ length: TENTHS }, () => []);
  for (const point of points)
    tenths[Math.min(TENTHS - 1, Math.floor((point.time / end) * TENTHS))].push(point);
  if (tenths.some((tenth) => tenth.length === 0)) return grown;
  const last = tenths[TENTHS - 1][0];
  for (const place of last.top.keys()) {
    let before = 0;
    let ninth = 0;
    const hasGrown = tenths.every((tenth, index) => {
      ninth = before;
      const least = Math.min(...tenth.map(({ top }) => top.get(place) ?? 0));
      // Where it is not named, it may hold as much as what is.
      const most = Math.min(...tenth.map(({ top, unnamed }) => top.get(place) ?? unnamed));
      const isMore = index === 0 || least > before;
      before = most;
      return isMore;
    });
    if (hasGrown) grown.set(place, ninth);
  }
  return grown;
}

/**
 * Those that hold more in the snapshot itself than in the last tenth but one: before it is taken garbage is mostly collected, which in between may
 * not have happened for the whole run.
 */
function stillHeld(
  grown: ReadonlyMap<string, number>,
  snapshot: Pick<Snapshot, "statistics">,
): ReadonlySet<string> {
  if (grown.size === 0) return new Set();
  const held = snapshot.statistics("lineno").filter(({ key, size }) => size > (grown.get(key) ?? Infinity));
  return new Set(held.map(({ key }) => key));
}

function agesOf(value: unknown, run: number): Map<string, LineAges> {
  const found = new Map<string, LineAges>();
  for (const line of (Array.isArray(value) ? value : []).slice(0, MOST_LINES)) {
    if (!Array.isArray(line)) continue;
    const [place, counts]: unknown[] = line;
    if (!isPlace(place) || !Array.isArray(counts) || counts.length > MOST_AGES || !counts.every(isFigure))
      continue;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total > 0 && Number.isFinite(total))
      found.set(
        place,
        lineAges(
          counts.map((count) => count / total),
          run,
        ),
      );
  }
  return found;
}

/** @param run Seconds. */
function lineAges(shares: readonly number[], run: number): LineAges {
  const upTo = (index: number): number => 2 ** index;
  const from = (index: number): number => (index === 0 ? 0 : 2 ** (index - 1));
  let sum = 0;
  const half = shares.findIndex((share) => (sum += share) >= 0.5);
  const oldest = upTo(shares.findLastIndex((share) => share > 0));
  const share = (of: (index: number) => boolean): number =>
    shares.reduce((total, each, index) => (of(index) ? total + each : total), 0);
  const old = share((index) => from(index) >= run * OLD);
  const young = share((index) => upTo(index) <= run * HALF);
  const isYoung = oldest <= run * YOUNG;
  return {
    shares,
    median: upTo(Math.max(0, half)),
    oldest,
    verdict: isYoung ? "young" : old >= SOME && young >= SOME ? "growing old" : "neither",
  };
}

function containersOf(value: unknown): Map<string, MarkedContainer[]> {
  const found = new Map<string, MarkedContainer[]>();
  for (const each of (Array.isArray(value) ? value : []).slice(0, MOST_CONTAINERS)) {
    if (typeof each !== "object" || each === null) continue;
    const { place, type, from, to, keys } = each as Record<string, unknown>;
    if (!isPlace(place) || typeof type !== "string" || !isFigure(from) || !isFigure(to) || to <= from)
      continue;
    const kinds = typeof keys === "object" && keys !== null ? Object.entries(keys).slice(0, 16) : [];
    const container = {
      ...{ type: type.slice(0, LONGEST_NAME), from, to },
      keys: kinds
        .flatMap(([kind, count]) =>
          isFigure(count) && count > 0 ? [[kind.slice(0, LONGEST_NAME), count] as const] : [],
        )
        .sort(([, a], [, b]) => b - a),
    };
    const known = found.get(place);
    if (known === undefined) found.set(place, [container]);
    else known.push(container);
  }
  return found;
}

function lastMemoryPoint(process: unknown): number {
  const points = (process as { points?: unknown } | null | undefined)?.points;
  const last: unknown = Array.isArray(points) ? points.at(-1) : undefined;
  return Array.isArray(last) && isFigure(last[0]) ? last[0] : 0;
}

function isPlace(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_PLACE;
}

function isFigure(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < 2 ** 53;
}
