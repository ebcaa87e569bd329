// Types shared with the page (client/): no code.

import type { FlameModel, MarkRules, ReportHeader } from "../../src/report/html/model.ts";

/** A line that holds memory, or held it. */
export interface LiveLine {
  readonly key: string;
  readonly functionName: string;
  /** The text of the line, where it can be read. */
  readonly source: string;
  /** What stands out about it. */
  readonly marks: readonly string[];
  readonly size: number;
  readonly count: number;
  /** The count by kind, where some are timers, listeners or suspended calls; else empty. */
  readonly kinds: string;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
}

/** A line that changed since the mark. */
export interface LiveChange {
  readonly key: string;
  readonly functionName: string;
  readonly source: string;
  readonly size: number;
  readonly sizeDiff: number;
  readonly count: number;
  readonly countDiff: number;
  /** Both by kind, where some are timers, listeners or suspended calls; else empty. */
  readonly kinds: string;
  readonly kindsDiff: string;
}

/** A line that grew in every tenth of the run. */
export interface LiveSuspect {
  readonly key: string;
  readonly size: number;
  readonly texts: readonly string[];
}

/** How much was alive at one moment. */
export type LivePoint = readonly [time: number, current: number, rss: number];

/** What the page shows, sent as an event. */
export interface LiveState {
  readonly isTracing: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly program: string;
  readonly runtime: string;
  readonly pid: number;
  /** What all lines hold together. */
  readonly current: number;
  readonly peak: number;
  /** What the tracker itself takes. */
  readonly tracker: number;
  /** Bytes of the heap, which V8 would have to write for whoever asks why a line is alive; null: this runtime cannot. */
  readonly heap: number | null;
  /** The whole process; null: not known, or nothing is traced. */
  readonly process: ReportHeader["process"];
  /** Milliseconds that this snapshot took. */
  readonly cost: number;
  readonly points: readonly LivePoint[];
  readonly top: readonly LiveLine[];
  /** Lines that grew in every tenth of the run, and by which rule; the largest first. */
  readonly suspects: readonly LiveSuspect[];
  readonly rules: MarkRules;
  /** Null: nothing is traced. */
  readonly flame: FlameModel | null;
  readonly mark: { readonly time: number; readonly changes: readonly LiveChange[] } | null;
}
