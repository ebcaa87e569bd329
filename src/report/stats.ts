// Browser compatible.
import type { SnapshotColumns } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type ShortLivedEntry, shortLivedReport } from "./short_lived.ts";
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

/** What `tracemalloc stats --json` prints. */
export interface StatsReport {
  readonly total: Readonly<Sums>;
  /** Distinct tracebacks that hold live blocks. */
  readonly tracebacks: number;
  readonly tracebackLimit: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly domains: readonly (Readonly<Sums> & { readonly domain: number; readonly name: string })[];
  /** The types that hold the most memory. */
  readonly types: readonly (Readonly<Sums> & { readonly type: string })[];
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
export interface Allocator extends Readonly<Sums> {
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
  const columns = snapshot.columns;
  const total = emptySums();
  const domains = new Map<number, Sums>();
  const types = new Map<string, Sums>();
  const lines = new Map<string, Sums & { filename: string; lineno: number }>();
  const live = new Set<number>();
  for (let row = 0; row < columns.blocks.size.length; row++) {
    const { traceback, domain, type, count } = columns.blocks;
    addRow(total, columns, row);
    addRow(entry(domains, domain[row], emptySums), columns, row);
    addRow(entry(types, columns.types[type[row]] ?? "", emptySums), columns, row);
    const place = placeOf(columns, traceback[row]);
    addRow(
      entry(lines, `${place.lineno}:${place.filename}`, () => ({ ...place, ...emptySums() })),
      columns,
      row,
    );
    if (Math.round(count[row]) > 0) live.add(traceback[row]);
  }
  return {
    total,
    tracebacks: live.size,
    tracebackLimit: snapshot.tracebackLimit,
    metadata: snapshot.metadata,
    domains: [...domains]
      .sort(([a], [b]) => a - b)
      .map(([domain, sums]) => ({ domain, name: domainName(domain), ...sums })),
    types: largest(
      [...types].map(([type, sums]) => ({ type, ...sums })),
      "size",
      "count",
    ),
    histogram: histogram(columns),
    allocatorsBySize: largest([...lines.values()], "allocatedSize", "allocatedCount"),
    allocatorsByCount: largest([...lines.values()], "allocatedCount", "allocatedSize"),
    shortLived: shortLivedReport(snapshot, SHORT_LIVED).shortLived,
  };
}

/** What a domain stands for. */
export function domainName(domain: number): string {
  const names = ["objects", "external bytes", "strings"];
  return names[domain] ?? (domain >= 16 ? "user" : "reserved");
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

function placeOf(
  { frames, tracebacks }: SnapshotColumns,
  traceback: number,
): { filename: string; lineno: number } {
  const [start, end] = [tracebacks.offset[traceback], tracebacks.offset[traceback + 1]];
  if (end === start) return { filename: "<unknown>", lineno: 0 };
  const frame = tracebacks.frames[end - 1];
  return { filename: frames.filenames[frames.filename[frame]], lineno: frames.lineno[frame] };
}

function largest<T extends Sums>(all: readonly T[], first: keyof Sums, second: keyof Sums): T[] {
  return all
    .filter((one) => one[first] > 0)
    .sort((a, b) => b[first] - a[first] || b[second] - a[second])
    .slice(0, LISTED);
}

function histogram({ blocks }: SnapshotColumns): Bucket[] {
  const buckets = new Map<number, { count: number; size: number }>();
  for (let row = 0; row < blocks.size.length; row++) {
    const alive = Math.round(blocks.count[row]);
    if (alive === 0) continue;
    const bucket = entry(buckets, exponent(blocks.size[row]), () => ({ count: 0, size: 0 }));
    bucket.count += alive;
    bucket.size += blocks.size[row] * alive;
  }
  if (buckets.size === 0) return [];
  const [first, last] = [Math.min(...buckets.keys()), Math.max(...buckets.keys())];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const power = first + index;
    const { count, size } = buckets.get(power) ?? { count: 0, size: 0 };
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
