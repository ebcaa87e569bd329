// Browser compatible.

import type { ProcessReport } from "../views/process_memory.ts";
import type { KindCount } from "../views/resource_counts.ts";

/**
 * The figures of everything in a report, in the order of its columns; with an old snapshot, the same follow for the old
 * one. Short-lived is what was allocated and is gone again.
 */
export const FIGURES = [
  "aliveBytes",
  "aliveBlocks",
  "peakBytes",
  "peakBlocks",
  "allocatedBytes",
  "allocatedBlocks",
  "freedBytes",
  "freedBlocks",
] as const;

/** One column of figures per entry of `FIGURES` (twice as many with an old snapshot); null: all zero. */
export type FigureColumns = readonly (readonly number[] | null)[];

/**
 * What the page of a report shows: names are stored once and pointed to, and what would be lists of objects are columns.
 * `packed_model.ts` makes JSON of it.
 */
export interface ReportModel {
  readonly version: 1;
  readonly header: ReportHeader;
  /** About the old snapshot of a comparison. */
  readonly old: ReportHeader | null;
  /** Null: the snapshots are not those of a hunt. */
  readonly hunt: ReportHunt | null;
  /** Whether it is known what was alive at the peak. */
  readonly hasPeak: boolean;
  readonly filenames: readonly string[];
  readonly functionNames: readonly string[];
  readonly types: readonly string[];
  /** As `packageOf` calls them. */
  readonly packages: readonly string[];
  /** Types of blocks that are no objects, by what they are called; empty: no block is a timer, a listener or a suspended call. */
  readonly otherKinds: readonly { readonly kind: string; readonly types: readonly number[] }[];
  /** Frames that `tree.frame` points to: lines, told apart by function. */
  readonly frames: {
    readonly file: readonly number[];
    readonly line: readonly number[];
    /** 1-based; 0: unknown, or several. */
    readonly column: readonly number[];
    readonly function: readonly number[];
    readonly functionLine: readonly number[];
  };
  readonly tree: TreeColumns;
  readonly tables: Readonly<Record<TableName, TableColumns>>;
  /** Sums over everything. */
  readonly totals: readonly number[];
  readonly timeline: ReportTimeline;
  /** Of how many lines it is known who holds their objects; null: the snapshot does not tell. */
  readonly heldLines: number | null;
  /** These lines, those first that hold most. */
  readonly held: readonly HeldLine[];
  /** What blocks with labels come to. */
  readonly labels: readonly ReportLabel[];
  /** What stands out about lines, suspects first. */
  readonly marks: readonly MarkedLine[];
  readonly markRules: MarkRules;
  readonly sources: readonly SourceText[];
  /** Null: the report was made without source text. */
  readonly sourcesLeftOut: number | null;
  readonly leftOut: LeftOut;
}

/** What a hunt has found. */
export interface ReportHunt {
  readonly verdict: "leaks" | "does not leak" | "cannot tell";
  /** Lines, as a terminal has them: the verdict and its reason, how it was come by, and what was found. */
  readonly text: readonly string[];
}

/** What a flame graph takes of a model. */
export type FlameModel = Pick<
  ReportModel,
  "hasPeak" | "old" | "filenames" | "functionNames" | "frames" | "tree"
>;

/** What is known about a run. Empty texts and null: unknown. */
export interface ReportHeader {
  /** The snapshot's file. */
  readonly file: string;
  readonly program: string;
  readonly runtime: string;
  readonly engine: string;
  readonly platform: string;
  /** As in JSON. */
  readonly time: string;
  readonly pid: number | null;
  /** `exact`, `adaptive`, or the mean bytes between samples. */
  readonly sampling: "exact" | "adaptive" | number | null;
  /** Most frames that a traceback could hold. */
  readonly nframe: number;
  readonly at: "now" | "peak";
  /** Bytes. */
  readonly peak: number | null;
  /** Which figures are upper bounds. */
  readonly upperBounds: { readonly alive: boolean; readonly peak: boolean };
  /** How many of each figure's blocks are timers, listeners or suspended calls, by kind. */
  readonly resources: Readonly<Record<"alive" | "peak" | "allocated" | "freed", readonly KindCount[]>>;
  /** What a reader has to know. */
  readonly notes: readonly string[];
  /** The whole process; null: not known. */
  readonly process: ProcessReport | null;
}

/**
 * The call tree. Node 0 is the root and stands for no frame; parents come before their children. Figures are those of
 * entries (blocks of one type, allocated by a node's own line), and of what a node stands in for: smaller callees.
 */
export interface TreeColumns {
  readonly parent: readonly number[];
  /** Index into `frames`; -1 for the root. */
  readonly frame: readonly number[];
  readonly entries: {
    readonly node: readonly number[];
    readonly type: readonly number[];
    readonly figures: FigureColumns;
  };
  readonly rest: { readonly node: readonly number[]; readonly figures: FigureColumns };
}

/** What a table's rows stand for. */
export type TableName = "line" | "function" | "file" | "package" | "type";

/** The rows of a table; columns that do not apply are empty. */
export interface TableColumns {
  readonly file: readonly number[];
  /** A line, or the one where a function is declared; 0: unknown. */
  readonly line: readonly number[];
  readonly function: readonly number[];
  readonly type: readonly number[];
  readonly package: readonly number[];
  readonly figures: FigureColumns;
  /** How many rows did not make it, and their sums. */
  readonly left: { readonly rows: number; readonly sums: readonly number[] };
}

/** What stands out about a line, as texts. */
export interface MarkedLine {
  readonly file: number;
  readonly line: number;
  /** Whether it grew in every tenth of the run. */
  readonly isSuspect: boolean;
  /** Bytes that it holds. */
  readonly size: number;
  /** Empty: nothing but the ages of its blocks is known. */
  readonly texts: readonly string[];
  /** Empty: not known. */
  readonly ages: string;
}

/** A label, and what its values hold. */
export interface ReportLabel {
  readonly name: string;
  /** The largest first; `<none>`: blocks without the label. */
  readonly values: readonly {
    readonly value: string;
    readonly size: number;
    readonly count: number;
    readonly allocatedSize: number;
  }[];
  /** How many more values there are. */
  readonly left: number;
}

/** By what rules lines are marked. */
export interface MarkRules {
  readonly suspect: string;
  readonly ages: string;
  readonly containers: string;
}

/** The course of the traced size. */
export interface ReportTimeline {
  /** Milliseconds since tracing started. */
  readonly time: readonly number[];
  /** Bytes. */
  readonly current: readonly number[];
  /** `file:line` of what was largest. */
  readonly places: readonly string[];
  /** Per point: index into `places` and bytes by turns, largest first. */
  readonly top: readonly (readonly number[])[];
  /** Per point: no place that it does not name held more bytes. */
  readonly unnamed: readonly number[];
}

/** A line whose objects are alive, and who holds them. Bytes are V8's. */
export interface HeldLine {
  readonly file: number;
  readonly line: number;
  readonly functionName: string;
  readonly count: number;
  readonly selfSize: number;
  readonly engineSize: number;
  readonly retainedSize: number;
  /** The most frequent first. */
  readonly paths: readonly HeldPath[];
}

/** One way from a root to objects of a line. */
export interface HeldPath {
  readonly count: number;
  readonly size: number;
  readonly root: string;
  readonly hops: readonly HeldHop[];
}

/** A step of it: how it is held, what it is, and the line that made it. */
export interface HeldHop {
  readonly edge: string;
  readonly type: string;
  /** Index into `filenames`; -1: no line is known. */
  readonly file: number;
  readonly line: number;
  /** Empty: not known. */
  readonly functionName: string;
  readonly times: number;
}

/** The text of a source file, or parts of it. */
export interface SourceText {
  readonly file: number;
  /** Whether the file was changed after the snapshot had been taken. */
  readonly changed: boolean;
  /** The first line's number, and the lines. */
  readonly parts: readonly (readonly [first: number, lines: readonly string[]])[];
}

/** What was summed up to keep the report small. */
export interface LeftOut {
  /** Distinct tracebacks in the snapshots. */
  readonly tracebacks: number;
  /** Of these, summed up in their callers. */
  readonly droppedTracebacks: number;
  readonly droppedFrames: number;
  /** No frame that was left out has a larger share of any figure, 0 to 1. */
  readonly share: number;
  /** No frame that was left out holds more bytes now. */
  readonly bytes: number;
}
