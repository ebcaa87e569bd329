// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { Traceback } from "../../snapshot/model/traceback.ts";
import { DomainFilter, Filter } from "../../statistics/filter.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";

/** What an entry may stand for, but for the values of a label. */
export type Grouping = Exclude<KeyType, `label:${string}`>;

/** What an entry of a report may stand for. */
export const GROUPINGS: readonly Grouping[] = [
  "lineno",
  "filename",
  "function",
  "type",
  "traceback",
  "process",
  "package",
  "ownline",
];

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
  /** Blocks of this domain only; default: of all. */
  readonly domain?: number | undefined;
}

/** A frame as the JSON views give it. */
export interface FrameJson {
  readonly filename: string;
  readonly lineno: number;
  readonly column: number;
  readonly functionName: string;
}

/** Which part of a snapshot is looked at. */
export type Selection = Pick<ViewOptions, "include" | "exclude" | "domain">;

/** The snapshot without the files and domains that the view leaves out. */
export function filtered(snapshot: Snapshot, { include, exclude, domain }: Selection): Snapshot {
  const filters = [
    ...include.map((pattern) => new Filter(true, pattern)),
    ...exclude.map((pattern) => new Filter(false, pattern)),
  ];
  const chosen = filters.length === 0 ? snapshot : snapshot.filterTraces(filters);
  // Inclusive filters are alternatives, and this is a condition on top of them.
  return domain === undefined ? chosen : chosen.filterTraces([new DomainFilter(true, domain)]);
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
const PLURALS: Readonly<Record<Grouping, string>> = {
  lineno: "lines",
  filename: "files",
  function: "functions",
  type: "types",
  traceback: "tracebacks",
  process: "processes",
  package: "packages",
  ownline: "lines of the program's own",
};

/** The plural of what an entry stands for: `lines`, `values of the label route`. */
export function pluralOf(by: KeyType): string {
  return by.startsWith("label:") ? `values of the label ${escapeText(by.slice(6))}` : PLURALS[by as Grouping];
}

/** Whether an entry is a line, whose source text stands under it. */
export function isLine(by: KeyType): boolean {
  return by === "lineno" || by === "ownline";
}

/** Whether the frames of tracebacks can be charged one by one. */
export function canCumulate(by: KeyType): boolean {
  return by === "lineno" || by === "filename" || by === "function" || by === "package";
}
