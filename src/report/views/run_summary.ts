// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { blocks, blocksText } from "../text/units.ts";
import { atPeak } from "./at_peak.ts";
import { type UpperBounds, upperBoundsOf } from "./notes.ts";
import { memoryBlocks } from "./total_kinds.ts";

/** Below this share of what was alive at the peak, next to nothing is alive. */
const NEXT_TO_NOTHING = 0.05;

/**
 * What happened in a run, besides what is alive at its end. Sizes in bytes; the figures are those of `stats` and `top`, strings included; blocks are
 * those of memory.
 */
export interface RunSummary {
  /** How many files were instrumented; null: not known. */
  readonly files: number | null;
  readonly alive: number;
  /** Null: not known. */
  readonly peak: number | null;
  readonly upperBounds: UpperBounds;
  readonly allocatedCount: number;
  readonly diedCount: number;
}

/** Adds up a run. */
export function runSummary(snapshot: Snapshot): RunSummary {
  const { files } = snapshot.metadata;
  const peak = atPeak(snapshot);
  const now = sizeOf(snapshot);
  const allocatedCount = memoryBlocks(snapshot, "allocatedCount");
  return {
    files: typeof files === "number" ? files : null,
    alive: now,
    // What has grown is measured at the end only.
    peak: peak === null ? null : Math.max(sizeOf(peak), now),
    upperBounds: upperBoundsOf(snapshot),
    allocatedCount,
    diedCount: Math.max(0, allocatedCount - memoryBlocks(snapshot, "count")),
  };
}

function sizeOf(snapshot: Snapshot): number {
  return snapshot.statistics("filename").reduce((sum, { size }) => sum + size, 0);
}

/** Whether what was alive once has died by the end: what the top of the living lines leaves out. */
export function hasNextToNothing({ alive, peak }: RunSummary): boolean {
  return peak !== null && peak > 0 && alive <= peak * NEXT_TO_NOTHING;
}

/** The summary in one line. */
export function runSummaryText(summary: RunSummary): string {
  const { files, alive, peak, upperBounds, allocatedCount, diedCount } = summary;
  const atMost = (isBound: boolean): string => (isBound ? "at most " : "");
  const died = upperBounds.alive ? "of which at least" : "of which";
  const parts = [
    ...(files === null ? [] : [`${blocks(files)} ${files === 1 ? "file" : "files"} instrumented`]),
    `${blocksText(allocatedCount)} allocated, ${died} ${blocks(diedCount)} died`,
    `${atMost(upperBounds.alive)}${formatSize(alive)} alive at the end`,
    ...(peak === null ? [] : [`${atMost(upperBounds.peak)}${formatSize(peak)} at the peak`]),
  ];
  return parts.join("; ");
}
