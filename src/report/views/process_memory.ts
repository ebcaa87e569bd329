// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { DOMAIN_EXTERNAL, FIRST_USER_DOMAIN } from "../../vocabulary/domains.ts";

/** What a whole process had in bytes when its snapshot was taken, and how much of it has a line. */
export interface ProcessReport {
  /** How many processes and workers these are the sums of. */
  readonly processes: number;
  /** In the machine's memory, as the system counts it. */
  readonly rss: number;
  /** The most that there was of it; null: not known. */
  readonly peakRss: number | null;
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** V8's; null: none, or not known. */
  readonly heapLimit: number | null;
  /** What objects hold outside the heap. */
  readonly external: number;
  /** The container's; null: none, or not known. */
  readonly memoryLimit: number | null;
  /** What of heap and external the tracker itself takes. */
  readonly tracker: number;
  /** What is alive of the traced blocks. */
  readonly traced: { readonly heap: number; readonly external: number };
  /** What is neither the heap's nor external: native code and its data, stacks, what allocators keep. */
  readonly other: number;
  /** Since some time after tracing began; null: not known. */
  readonly growth: ProcessGrowth | null;
  /** What stands out, in words. */
  readonly remarks: readonly string[];
}

/** By how much a process has grown, in bytes. */
export interface ProcessGrowth {
  /** Null: between two snapshots. */
  readonly seconds: number | null;
  /** In how many seconds; null: not known. */
  readonly span: number | null;
  /** The part of what is not JavaScript's that came in the second half of that time; null: not known. */
  readonly late: number | null;
  readonly rss: number;
  /** Of heap and external together. */
  readonly javascript: number;
  readonly other: number;
}

/** Shorter runs are all beginning. */
const LEAST_SECONDS = 5;
/** Of the time, the part in which a program is loaded and fills its caches. */
const WARM_UP = 1 / 5;
/**
 * Of less growth in a minute nothing is said, and in less time of the more: compiled code, stacks and what allocators keep come to that while a program
 * gets to work (36 MiB in ten seconds of a small server).
 */
const LEAST_GROWTH = 32 * 2 ** 20;
const MINUTE = 60;
/** So much of it has to come in the second half of the time: what grew and stopped does not grow. */
const LATE = 1 / 4;
/** From this share of a limit on, it is said. */
const NEAR = 0.8;
/** Points of a timeline that are read; the tracker writes 129 at most. */
const MOST_POINTS = 4096;

type Described = Pick<Snapshot, "metadata" | "columns">;
type Figures = Pick<ProcessReport, "rss" | "heapTotal" | "external">;

/** The whole process of a snapshot; null where it does not tell. Metadata come from a file: nothing in them need be what it should. */
export function processReport(snapshot: Described): ProcessReport | null {
  const parts = partsOf(snapshot.metadata);
  if (parts.length === 0) return null;
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const only = parts.length === 1 ? parts[0] : null;
  const traced = tracedOf(snapshot);
  const rss = sum((part) => (part.isWorker ? 0 : part.rss));
  const heapTotal = sum((part) => part.heapTotal);
  // Bun does not count all buffers; each of ours is there.
  const external = Math.max(
    sum((part) => part.external),
    traced.external,
  );
  const report = {
    ...{ processes: parts.length, rss, peakRss: only?.peakRss ?? null, heapTotal, external, traced },
    heapUsed: sum((part) => part.heapUsed),
    heapLimit: only?.heapLimit ?? null,
    memoryLimit: only?.memoryLimit ?? null,
    tracker: sum((part) => part.tracker),
    // Memory that was asked for and never written to is not resident.
    other: Math.max(0, rss - heapTotal - external),
    growth: only === null ? null : growthOf(only.points),
  };
  return { ...report, remarks: [...growthRemarks(report.growth), ...limitRemarks(report)] };
}

/** By how much a process has grown between two of its snapshots; null where that cannot be told. */
export function growthBetween(old: Described, now: Described): ProcessGrowth | null {
  const [before, after] = [processReport(old), processReport(now)];
  if (before === null || after === null || before.processes !== after.processes) return null;
  // In its first seconds a process is all beginning: code is compiled, pools are made.
  const isWarm = partsOf(old.metadata).every(
    ({ points }) => (points.at(-1)?.[0] ?? 0) >= LEAST_SECONDS * 1000,
  );
  if (!isWarm) return null;
  const [from, to] = [old, now].map(({ metadata }) => timeOf(metadata));
  const span = from === null || to === null ? null : Math.max(0, to - from) / 1000;
  return { seconds: null, span, late: null, ...difference(before, after) };
}

/** When a snapshot was taken, in ms. */
function timeOf({ time }: Readonly<Record<string, unknown>>): number | null {
  const parsed = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** "RSS grows and the heap does not", where that is so. */
export function growthRemarks(growth: ProcessGrowth | null): string[] {
  if (growth === null) return [];
  const { seconds, span, late, rss, javascript, other } = growth;
  const foreign = Math.min(other, rss);
  const least = span === null ? LEAST_GROWTH : LEAST_GROWTH * Math.max(1, MINUTE / span);
  if (foreign < least || foreign < 2 * javascript || (late !== null && late < LATE * other)) return [];
  const since = seconds === null ? "since the old snapshot" : `in the last ${Math.round(seconds)} s`;
  const rest = javascript > 0 ? `have grown by ${formatSize(javascript)}` : "have not grown";
  return [
    `RSS grows and the heap does not: ${since} it has grown by ${formatSize(rss)}, heap and external memory ${rest}: ${formatSize(foreign)} are not JavaScript's`,
  ];
}

function limitRemarks({
  heapUsed,
  heapLimit,
  rss,
  memoryLimit,
}: Pick<ProcessReport, "heapUsed" | "heapLimit" | "rss" | "memoryLimit">): string[] {
  const near = (what: string, size: number, limit: number | null): string[] =>
    limit === null || size < limit * NEAR
      ? []
      : [`${what} is at ${Math.round((size / limit) * 100)} % of its limit of ${formatSize(limit)}`];
  return [...near("the heap", heapUsed, heapLimit), ...near("RSS", rss, memoryLimit)];
}

type Point = readonly [time: number, rss: number, heapTotal: number, external: number];

interface Part extends Omit<ProcessReport, "processes" | "traced" | "other" | "growth" | "remarks"> {
  readonly isWorker: boolean;
  readonly points: readonly Point[];
}

function partsOf({ process, processes, ...metadata }: Readonly<Record<string, unknown>>): Part[] {
  if (!Array.isArray(processes)) return partOf({ process, ...metadata });
  return processes.flatMap((each: unknown) => (isRecord(each) ? partOf(each) : []));
}

function partOf({ process, maxRss, worker }: Readonly<Record<string, unknown>>): Part[] {
  if (!isRecord(process)) return [];
  const { rss, heapUsed, heapTotal, external, heapLimit, memoryLimit, tracker, points } = process;
  if (!isSize(rss) || !isSize(heapUsed) || !isSize(heapTotal) || !isSize(external)) return [];
  return [
    {
      ...{ rss, heapUsed, heapTotal, external },
      peakRss: isLimit(maxRss) ? Math.max(maxRss, rss) : null,
      heapLimit: isLimit(heapLimit) ? heapLimit : null,
      memoryLimit: isLimit(memoryLimit) ? memoryLimit : null,
      tracker: isSize(tracker) ? tracker : 0,
      isWorker: worker !== undefined && worker !== "",
      points: Array.isArray(points) ? points.slice(0, MOST_POINTS).filter(isPoint) : [],
    },
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < 2 ** 53;
}

function isLimit(value: unknown): value is number {
  return isSize(value) && value > 0;
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 4 && value.every(isSize);
}

/** Bytes of live blocks: what the language has on its heap, and outside. Blocks of the program's own domains are of either, or neither. */
function tracedOf({ columns: { blocks } }: Described): ProcessReport["traced"] {
  const traced = { heap: 0, external: 0 };
  for (let row = 0; row < blocks.size.length; row++) {
    const domain = blocks.domain[row];
    if (domain < FIRST_USER_DOMAIN)
      traced[domain === DOMAIN_EXTERNAL ? "external" : "heap"] +=
        blocks.size[row] * Math.round(blocks.count[row]);
  }
  return traced;
}

function growthOf(unordered: readonly Point[]): ProcessGrowth | null {
  const points = unordered.toSorted(([a], [b]) => a - b);
  const last = points.at(-1);
  if (last === undefined || last[0] < LEAST_SECONDS * 1000) return null;
  const isWarm = ([time]: Point): boolean => time >= last[0] * WARM_UP;
  const first = points.find((point) => isWarm(point) && point[0] <= last[0] * 0.9);
  // A program that has allocated nothing for most of the time has no points from then.
  const base = first ?? points.findLast((point) => !isWarm(point));
  if (base === undefined) return null;
  const [from, to] = [base, last].map(([, rss, heapTotal, external]) => ({ rss, heapTotal, external })) as [
    Figures,
    Figures,
  ];
  const seconds = (last[0] - base[0]) / 1000;
  const whole = difference(from, to);
  // The last before the middle, unless nothing was noted near that.
  const middle = points.findLast(
    ([time]) => time <= (base[0] + last[0]) / 2 && time >= base[0] + (last[0] - base[0]) / 4,
  );
  const late = middle === undefined ? null : otherOf(last) - otherOf(middle);
  return { seconds, span: seconds, late, ...whole };
}

function otherOf([, rss, heapTotal, external]: Point): number {
  return rss - heapTotal - external;
}

function difference(from: Figures, to: Figures): Pick<ProcessGrowth, "rss" | "javascript" | "other"> {
  const rss = to.rss - from.rss;
  const javascript = to.heapTotal + to.external - from.heapTotal - from.external;
  return { rss, javascript, other: rss - javascript };
}
