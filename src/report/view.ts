// Browser compatible.
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Traceback } from "../snapshot/traceback.ts";
import { Filter } from "../statistics/filter.ts";
import type { KeyType } from "../statistics/key_type.ts";

/** What an entry of a report may stand for. */
export const GROUPINGS: readonly KeyType[] = ["lineno", "filename", "function", "type", "traceback"];

/** Which part of a snapshot a report shows, and how it is put together. */
export interface ViewOptions {
  readonly by: KeyType;
  /** Charge every frame of a traceback, not only the one that allocated. */
  readonly cumulative: boolean;
  /** How many entries to show. */
  readonly limit: number;
  /** `Filter` patterns for file names: only these; with none, all. */
  readonly include: readonly string[];
  /** `Filter` patterns for file names: not these. */
  readonly exclude: readonly string[];
}

/** A frame as the JSON views give it. */
export interface FrameJson {
  readonly filename: string;
  readonly lineno: number;
  readonly column: number;
  readonly functionName: string;
}

/** The snapshot without the files that the view leaves out. */
export function filtered(snapshot: Snapshot, { include, exclude }: ViewOptions): Snapshot {
  const filters = [
    ...include.map((pattern) => new Filter(true, pattern)),
    ...exclude.map((pattern) => new Filter(false, pattern)),
  ];
  return filters.length === 0 ? snapshot : snapshot.filterTraces(filters);
}

/** The frames of a traceback, oldest first. */
export function framesJson(traceback: Traceback): FrameJson[] {
  return [...traceback].map(({ filename, lineno, column, functionName }) => ({
    filename,
    lineno,
    column,
    functionName,
  }));
}

/** The words for one entry and for several, for headings: `Top 10 lines`. */
export const PLURALS: Readonly<Record<KeyType, string>> = {
  lineno: "lines",
  filename: "files",
  function: "functions",
  type: "types",
  traceback: "tracebacks",
};
