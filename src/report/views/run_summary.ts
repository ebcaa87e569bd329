// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DomainFilter } from "../../statistics/filter.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { blocks, blocksText } from "../text/units.ts";
import { atPeak } from "./at_peak.ts";
import { shortLivedReport } from "./short_lived.ts";

/** Below this share of what was alive at the peak, next to nothing is alive. */
const NEXT_TO_NOTHING = 0.05;

/** What happened in a run, besides what is alive at its end. Sizes in bytes; strings count where they are held. */
export interface RunSummary {
  /** How many files were instrumented; null: not known. */
  readonly files: number | null;
  readonly alive: number;
  /** Null: not known. */
  readonly peak: number | null;
  readonly allocatedCount: number;
  readonly diedCount: number;
}

/** Adds up a run. */
export function runSummary(snapshot: Snapshot): RunSummary {
  const { files } = snapshot.metadata;
  const everything = { by: "filename", cumulative: false, limit: 1, include: [], exclude: [] } as const;
  const { total } = shortLivedReport(snapshot, everything);
  const peak = atPeak(snapshot);
  const alive = sizeOf(snapshot);
  return {
    files: typeof files === "number" ? files : null,
    alive,
    // What has grown is measured at the end only.
    peak: peak === null ? null : Math.max(sizeOf(peak), alive),
    allocatedCount: allocatedOf(snapshot),
    diedCount: total.freedCount,
  };
}

/** Not the total of what died: that knows nothing of files of which nothing has. */
function allocatedOf(snapshot: Snapshot): number {
  const withoutStrings = snapshot.filterTraces([new DomainFilter(false, DOMAIN_STRING)]);
  return withoutStrings.statistics("filename").reduce((sum, { allocatedCount }) => sum + allocatedCount, 0);
}

function sizeOf(snapshot: Snapshot): number {
  return snapshot.statistics("filename").reduce((sum, { size }) => sum + size, 0);
}

/** Whether what was alive once has died by the end: what the top of the living lines leaves out. */
export function hasNextToNothing({ alive, peak }: RunSummary): boolean {
  return peak !== null && peak > 0 && alive <= peak * NEXT_TO_NOTHING;
}

/** The summary in one line. */
export function runSummaryText({ files, alive, peak, allocatedCount, diedCount }: RunSummary): string {
  const parts = [
    ...(files === null ? [] : [`${blocks(files)} ${files === 1 ? "file" : "files"} instrumented`]),
    `${blocksText(allocatedCount)} allocated, of which ${blocks(diedCount)} died`,
    `${formatSize(alive)} alive at the end`,
    ...(peak === null ? [] : [`${formatSize(peak)} at the peak`]),
  ];
  return parts.join("; ");
}

/** What a reader of the snapshot has to know, if anything: a line each. */
export function notesOf({ metadata }: Pick<Snapshot, "metadata">): string[] {
  const notes: string[] = [];
  if (metadata.files === 0) {
    notes.push(
      "nothing was instrumented: code from -e and standard input is not, nor what --include and --exclude leave out",
    );
  }
  if (metadata.unsettled === true) {
    notes.push(
      "what died since finalizers ran last still counts as alive: the snapshot was written within a job (process.exit(), a signal, an error, or before the end); let the program end by itself, or run it on Node",
    );
  }
  return notes;
}
