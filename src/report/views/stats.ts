// Browser compatible.
import type { SnapshotColumns } from "../../snapshot/model/columns.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { Statistic } from "../../statistics/statistic.ts";
import { DOMAIN_NAMES } from "../../vocabulary/domain_names.ts";
import { FIRST_USER_DOMAIN } from "../../vocabulary/domains.ts";
import { type KindCount, kindsOf, resourceCounts } from "./resource_counts.ts";
import { type ShortLivedEntry, shortLivedReport } from "./short_lived.ts";
import { totalKinds } from "./total_kinds.ts";
import type { ViewOptions } from "./view.ts";

/** How many types and allocators are listed. */
const LISTED = 10;
const SHORT_LIVED: ViewOptions = { by: "lineno", cumulative: false, limit: LISTED, include: [], exclude: [] };

/** What is alive, and all that was ever allocated. Sizes in bytes; counts are fractions where they are estimates. */
export interface Sums {
  size: number;
  count: number;
  allocatedSize: number;
  allocatedCount: number;
}

/** What the blocks are; absent: all are memory. */
export interface SumKinds {
  readonly kinds?: readonly KindCount[];
  readonly allocatedKinds?: readonly KindCount[];
}

/** What `tracemalloc stats --json` prints. */
export interface StatsReport {
  readonly total: Readonly<Sums> & SumKinds;
  /** Distinct tracebacks that hold live blocks. */
  readonly tracebacks: number;
  readonly tracebackLimit: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly domains: readonly (Readonly<Sums> & { readonly domain: number; readonly name: string })[];
  /** The types that hold the most memory. */
  readonly types: readonly (Readonly<Sums> & SumKinds & { readonly type: string })[];
  /** The packages whose lines hold the most memory; the program's own code and the runtime among them. */
  readonly packages: readonly (Readonly<Sums> & SumKinds & { readonly package: string })[];
  /** Live blocks by size: `from` ≤ size < `to`, both powers of two; the empty ones between are listed too. */
  readonly histogram: readonly Bucket[];
  /** The lines that allocated the most bytes since the start, dead blocks too. */
  readonly allocatorsBySize: readonly Allocator[];
  /** The lines that allocated the most blocks since the start, dead blocks too. */
  readonly allocatorsByCount: readonly Allocator[];
  /** The lines of which the most bytes were allocated and have died again; strings are left out. */
  readonly shortLived: readonly ShortLivedEntry[];
}

/** A line and what it allocated. */
export interface Allocator extends Readonly<Sums>, SumKinds {
  readonly filename: string;
  readonly lineno: number;
}

/** Live blocks of like size. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly size: number;
}

/** The figures of a whole snapshot. */
export function statsReport(snapshot: Snapshot): StatsReport {
  const { columns } = snapshot;
  const { blocks } = columns;
  const total = emptySums();
  const domains = new Map<number, Sums>();
  const isLive = new Uint8Array(columns.tracebacks.totalNframe.length);
  let sums: Sums = emptySums();
  for (let row = 0, last = -1; row < blocks.size.length; row++) {
    addRow(total, columns, row);
    const domain = blocks.domain[row];
    // Neighbours are mostly of the same domain: a look-up for each of a million rows takes longer than all else here.
    if (domain !== last) sums = entry(domains, (last = domain), emptySums);
    addRow(sums, columns, row);
    if (Math.round(blocks.count[row]) > 0) isLive[blocks.traceback[row]] = 1;
  }
  const lines = withKinds(snapshot, "lineno");
  const [kinds, allocatedKinds] = [totalKinds(snapshot), totalKinds(snapshot, "allocatedCount")];
  return {
    total: { ...total, ...(kinds !== null && { kinds }), ...(allocatedKinds !== null && { allocatedKinds }) },
    tracebacks: isLive.reduce((count, one) => count + one, 0),
    tracebackLimit: snapshot.tracebackLimit,
    metadata: snapshot.metadata,
    domains: [...domains]
      .sort(([a], [b]) => a - b)
      .map(([domain, sums]) => ({ domain, name: domainName(domain), ...sums })),
    types: largest(
      withKinds(snapshot, "type").map(({ statistic, ...sums }) => ({ type: statistic.key, ...sums })),
      "size",
      "count",
    ),
    packages: largest(
      withKinds(snapshot, "package").map(({ statistic, ...sums }) => ({ package: statistic.key, ...sums })),
      "size",
      "count",
    ),
    histogram: histogram(columns),
    allocatorsBySize: largest(lines, "allocatedSize", "allocatedCount").map(allocator),
    allocatorsByCount: largest(lines, "allocatedCount", "allocatedSize").map(allocator),
    shortLived: shortLivedReport(snapshot, SHORT_LIVED).shortLived,
  };
}

/** What a domain stands for. */
export function domainName(domain: number): string {
  const name = DOMAIN_NAMES[domain];
  if (name === "external") return "external bytes";
  if (name === "calls") return "suspended calls";
  return name ?? (domain >= FIRST_USER_DOMAIN ? "user" : "reserved");
}

function emptySums(): Sums {
  return { size: 0, count: 0, allocatedSize: 0, allocatedCount: 0 };
}

function addRow(sums: Sums, { blocks }: SnapshotColumns, row: number): void {
  // Estimates are rounded row by row, as the statistics do: the totals agree.
  const alive = Math.round(blocks.count[row]);
  sums.size += blocks.size[row] * alive;
  sums.count += alive;
  sums.allocatedSize += blocks.allocatedSize[row];
  sums.allocatedCount += blocks.allocatedCount[row];
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = create()));
  return found;
}

/** The sums of entries, with what their blocks are. */
function withKinds(
  snapshot: Snapshot,
  by: KeyType,
): (Readonly<Sums> & SumKinds & { readonly statistic: Statistic })[] {
  const view = { by, cumulative: false };
  const [alive, allocated] = [
    resourceCounts(snapshot, view),
    resourceCounts(snapshot, view, "allocatedCount"),
  ];
  return snapshot.statistics(by).map((statistic) => {
    const [counts, all] = [alive.get(statistic.key), allocated.get(statistic.key)];
    return {
      statistic,
      ...sumsOf(statistic),
      ...(counts !== undefined && { kinds: kindsOf(statistic.count, counts) }),
      ...(all !== undefined && { allocatedKinds: kindsOf(statistic.allocatedCount, all) }),
    };
  });
}

function sumsOf({ size, count, allocatedSize, allocatedCount }: Readonly<Sums>): Sums {
  return { size, count, allocatedSize, allocatedCount };
}

function allocator({ statistic, ...sums }: ReturnType<typeof withKinds>[number]): Allocator {
  const { filename, lineno } = statistic.traceback.at(-1)!;
  return { filename, lineno, ...sums };
}

function largest<T extends Readonly<Sums>>(all: readonly T[], first: keyof Sums, second: keyof Sums): T[] {
  return all
    .filter((one) => one[first] > 0)
    .sort((a, b) => b[first] - a[first] || b[second] - a[second])
    .slice(0, LISTED);
}

function histogram({ blocks }: SnapshotColumns): Bucket[] {
  // By the exponent of the size, and one more for less than a byte: a 64-bit float has no more than these.
  const counts = new Float64Array(1026);
  const sizes = new Float64Array(1026);
  for (let row = 0; row < blocks.size.length; row++) {
    const alive = Math.round(blocks.count[row]);
    if (alive === 0) continue;
    const bucket = exponent(blocks.size[row]) + 1;
    counts[bucket] += alive;
    sizes[bucket] += blocks.size[row] * alive;
  }
  const first = counts.findIndex((count) => count > 0) - 1;
  const last = counts.findLastIndex((count) => count > 0) - 1;
  if (last === -2) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const power = first + index;
    const [count, size] = [counts[power + 1], sizes[power + 1]];
    return { from: power < 0 ? 0 : 2 ** power, to: 2 ** (power + 1), count, size };
  });
}

/** The power of two at or below a size; -1 for less than one byte. */
function exponent(size: number): number {
  if (size < 1) return -1;
  const power = Math.floor(Math.log2(size));
  // The logarithm of a figure just below a power of two may come out as that power.
  return 2 ** power > size ? power - 1 : power;
}
