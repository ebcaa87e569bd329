// Browser compatible.

/** What a report may hold, so that it stays small and opens quickly. */
export interface ReportLimits {
  /** Frames of the call tree. */
  readonly nodes: number;
  /** Distinct (traceback, type). */
  readonly entries: number;
  /** Rows of each table. */
  readonly rows: number;
  /** Steps on the ways from roots to lines' objects, with one for each way and each line. */
  readonly hops: number;
  /** Characters of source text, and of one file's. */
  readonly source: number;
  readonly file: number;
  /** Characters of one name. */
  readonly name: number;
}

export const LIMITS: ReportLimits = {
  nodes: 30_000,
  entries: 30_000,
  rows: 10_000,
  hops: 10_000,
  source: 2 ** 21,
  file: 2 ** 18,
  name: 1000,
};

/** Half of everything. */
export function halved(limits: ReportLimits): ReportLimits {
  const half = (value: number): number => Math.max(16, value >> 1);
  return {
    nodes: half(limits.nodes),
    entries: half(limits.entries),
    rows: half(limits.rows),
    hops: half(limits.hops),
    source: half(limits.source),
    file: half(limits.file),
    name: half(limits.name),
  };
}
