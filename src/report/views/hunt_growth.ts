// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DomainFilter, Filter } from "../../statistics/filter.ts";
import { seriesOf } from "../../statistics/series.ts";
import { DOMAIN_TIMER, FIRST_USER_DOMAIN } from "../../vocabulary/domains.ts";
import { literalPattern } from "../../vocabulary/literal_pattern.ts";
import { ownerOf, packageOf } from "../../vocabulary/package_of.ts";
import { type Course, gainedEntries, grewInStep, isSlowing, mayHaveGrown } from "./hunt_rule.ts";
import { containerEntries } from "./line_marks.ts";
import { domainName } from "./stats.ts";

/** A line that held more after every round. */
export interface GrownLine {
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
  /** Of which package it is; null: the program's own. */
  readonly package: string | null;
  readonly bytesPerRequest: number;
  /** 0: what was there before has grown. */
  readonly objectsPerRequest: number;
  /** Bytes and blocks alive before the first round, and after each. */
  readonly sizes: readonly number[];
  readonly counts: readonly number[];
  /** What they are, those that grew most first. */
  readonly types: readonly string[];
  /** Whether the figures are estimates. */
  readonly isEstimate: boolean;
  /** Whether it grew by less and less with each request. */
  readonly isSlowing: boolean;
  /** Of its containers, after the last round; null: not known, or fewer than a snapshot tells. */
  readonly entries: number | null;
}

/** A line that has asked for more of something after every round: timers, listeners, …. */
export interface GrownResource {
  readonly domain: number;
  /** What they are. */
  readonly name: string;
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
  readonly perRequest: number;
  readonly counts: readonly number[];
  /** Whether there came fewer and fewer with each request. */
  readonly isSlowing: boolean;
}

/** Snapshots before the first round and after each, and how many requests the rounds had. */
export interface Rounds {
  readonly snapshots: readonly Snapshot[];
  readonly requests: readonly number[];
  /** Rounds before those that were to show whether what grew stops; default: all. */
  readonly regular?: number | null;
}

/** The rounds before those that were to show whether what grew stops. */
export function regularRounds({ snapshots, requests, regular }: Rounds): Rounds {
  const count = regular ?? requests.length;
  return { snapshots: snapshots.slice(0, count + 1), requests: requests.slice(0, count) };
}

/** In adaptive mode all blocks of a line are followed up to some more than this; of what is beyond, figures are estimates. */
const ALL_FOLLOWED = 2048;

/** The lines that held more after every round, those with most bytes per request first. */
export function grownLines(rounds: Rounds): GrownLine[] {
  const memory = memoryOf(rounds);
  const entries = rounds.snapshots.map(containerEntries);
  return (
    coursesOf(memory)
      .filter(({ course }) => grewInStep(course))
      .map((line) => grownLine(memory, line, entries))
      // A table grows by leaps: whether it is still filled its entries tell.
      .filter(
        ({ line, entriesAt }) => line.objectsPerRequest > 0 || gainedEntries(entriesAt, rounds.requests),
      )
      .map(({ line }) => line)
      .sort((a, b) => b.bytesPerRequest - a.bytesPerRequest)
  );
}

/** More of the program's own files than this are not worth being exact about. */
const MOST_OWN_FILES = 200;

/**
 * Where estimates do not tell whether lines grew, the files of all that may have, and with them those of the program's own, which mostly hold what
 * has grown; none: the figures say all.
 */
export function doubtfulFiles(rounds: Rounds): string[] {
  // The long ones after these are so long that estimates tell enough.
  const lines = coursesOf(memoryOf(regularRounds(rounds)));
  const doubtful = lines.filter(
    ({ course, isEstimate }) => isEstimate && (grewInStep(course) || mayHaveGrown(course)),
  );
  if (doubtful.length === 0) return [];
  const own = [...new Set(lines.map(({ filename }) => filename))].filter((name) => ownerOf(name) === "own");
  const grown = lines.filter(({ course }) => grewInStep(course));
  const files = [...doubtful, ...grown].map(({ filename }) => filename);
  return [...new Set([...files, ...(own.length > MOST_OWN_FILES ? [] : own)])];
}

/** The resources of which lines had more after every round, those with most per request first. */
export function grownResources(rounds: Rounds): GrownResource[] {
  const all = total(rounds.requests);
  return resourcesOf(rounds.snapshots.at(-1)!)
    .flatMap((domain) =>
      coursesOf(filtered(rounds, new DomainFilter(true, domain))).flatMap((line) => {
        const { counts, requests } = line.course;
        // A count of bytes: sizes are the host's, and say nothing that counts do not.
        const course = { sizes: counts.map((count) => count * LARGE), counts, requests };
        if (!grewInStep(course)) return [];
        const { filename, lineno, functionName } = line;
        const perRequest = (counts.at(-1)! - counts[0]) / all;
        const place = { filename, lineno, functionName };
        return [
          { domain, name: domainName(domain), ...place, perRequest, counts, isSlowing: isSlowing(course) },
        ];
      }),
    )
    .sort((a, b) => b.perRequest - a.perRequest);
}

/** So much counts one timer: one for a hundred requests is enough for a leak. */
const LARGE = 100;

/**
 * The lines of which most of what they have gained in the rounds was gone some time later.
 *
 * @param round After how many rounds that was.
 */
export function letGoLater(
  lines: readonly GrownLine[],
  later: Snapshot,
  round: number,
): ReadonlySet<GrownLine> {
  const statistics = later.filterTraces(memoryFilters(later)).statistics("lineno");
  const held = new Map(statistics.map(({ key, size }) => [key, size]));
  const gone = lines.filter(({ filename, lineno, sizes }) => {
    const grown = sizes[round] - sizes[0];
    return (held.get(`${filename}:${lineno}`) ?? 0) - sizes[0] < grown / 2;
  });
  return new Set(gone);
}

/** How many blocks all lines have allocated in the rounds. */
export function allocatedIn({ snapshots }: Rounds): number {
  const [first, last] = [snapshots[0], snapshots.at(-1)!].map((snapshot) =>
    total(snapshot.columns.blocks.allocatedCount),
  );
  return last - first;
}

interface Line {
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
  readonly course: Course;
  readonly isEstimate: boolean;
}

function coursesOf({ snapshots, requests }: Rounds): Line[] {
  const { keys, totals } = seriesOf(
    snapshots.map(({ columns }) => columns),
    "lineno",
    false,
  );
  const isSampled = snapshots.at(-1)!.metadata.sampling !== "exact";
  return Array.from({ length: keys.length }, (_, key) => {
    const frame = keys.traceback(key).at(-1)!;
    return {
      filename: frame.filename,
      lineno: frame.lineno,
      functionName: frame.functionName,
      isEstimate: isSampled && totals.at(-1)!.allocatedCount[key] > ALL_FOLLOWED,
      course: {
        sizes: totals.map(({ size }) => size[key]),
        counts: totals.map(({ count }) => count[key]),
        requests,
      },
    };
  }).filter(({ filename }) => filename !== "<unknown>");
}

function grownLine(
  rounds: Rounds,
  { filename, lineno, functionName, course, isEstimate }: Line,
  entries: readonly ReadonlyMap<string, number>[],
): { readonly line: GrownLine; readonly entriesAt: readonly (number | undefined)[] } {
  const { sizes, counts, requests } = course;
  const all = total(requests);
  const [first, last] = [rounds.snapshots[0], rounds.snapshots.at(-1)!].map((one) =>
    onLine(one, { filename, lineno }),
  );
  const entriesAt = entries.map((known) => known.get(`${filename}:${lineno}`));
  const line: GrownLine = {
    filename,
    lineno,
    functionName,
    package: ownerOf(filename) === "own" ? null : packageOf(filename),
    bytesPerRequest: (sizes.at(-1)! - sizes[0]) / all,
    objectsPerRequest: Math.max(0, (counts.at(-1)! - counts[0]) / all),
    sizes,
    counts,
    types: last
      .compareTo(first, "type")
      .filter(({ sizeDiff }) => sizeDiff > 0)
      .map(({ key }) => key),
    isEstimate,
    isSlowing: isSlowing(course),
    entries: entriesAt.at(-1) ?? null,
  };
  return { line, entriesAt };
}

function memoryOf(rounds: Rounds): Rounds {
  const filters = memoryFilters(rounds.snapshots.at(-1)!);
  return filters.length === 0 ? rounds : filtered(rounds, ...filters);
}

function memoryFilters(snapshot: Snapshot): DomainFilter[] {
  return resourcesOf(snapshot).map((domain) => new DomainFilter(false, domain));
}

function filtered({ snapshots, requests }: Rounds, ...filters: DomainFilter[]): Rounds {
  return { snapshots: snapshots.map((snapshot) => snapshot.filterTraces(filters)), requests };
}

function onLine(snapshot: Snapshot, { filename, lineno }: { filename: string; lineno: number }): Snapshot {
  return snapshot.filterTraces([new Filter(true, literalPattern(filename), { lineno })]);
}

/** Domains that are no memory: what lines have asked for, and have not got back. */
function resourcesOf({ columns }: Snapshot): number[] {
  return [...new Set(columns.blocks.domain)]
    .filter((domain) => domain >= DOMAIN_TIMER && domain < FIRST_USER_DOMAIN)
    .sort((a, b) => a - b);
}

function total(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
