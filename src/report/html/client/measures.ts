// Browser compatible.
import { FIGURES, type ReportModel } from "../model.ts";
import { blocksText, bytesText } from "./format.ts";

/** What is looked at. */
export type Measure = "alive" | "peak" | "allocated" | "freed";
export type Unit = "bytes" | "blocks";
/** Which snapshot is looked at, where there are two. */
export type Side = "new" | "old" | "difference";

export const MEASURES: readonly Measure[] = ["alive", "peak", "allocated", "freed"];

export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  alive: "Alive now",
  peak: "At the peak",
  allocated: "Allocated in all",
  freed: "Short-lived",
};

/** One sentence each: what the figures of a measure say. */
export const MEASURE_MEANINGS: Readonly<Record<Measure, string>> = {
  alive: "What was alive when the snapshot was taken: where a leak shows.",
  peak: "What was alive when memory use was highest: what to cut to need less memory.",
  allocated: "Everything that was ever allocated, dead or alive: what keeps the garbage collector busy.",
  freed: "What was allocated and is gone again: garbage that need not have been made.",
};

/** Index into the columns of figures; those of the old snapshot follow. */
export function columnOf(measure: Measure, unit: Unit, side: "new" | "old" = "new"): number {
  const column = MEASURES.indexOf(measure) * 2 + (unit === "bytes" ? 0 : 1);
  return side === "old" ? column + FIGURES.length : column;
}

/** What is selected: gives the figures of one side, or of both. */
export interface Selection {
  readonly measure: Measure;
  readonly unit: Unit;
  readonly side: Side;
}

/** A selection that the report can show. */
export function selectionOf(
  { hasPeak, old }: Pick<ReportModel, "hasPeak" | "old">,
  { measure, unit, side }: Selection,
): Selection {
  return {
    measure: measure === "peak" && !hasPeak ? "alive" : measure,
    unit,
    side: old === null ? "new" : side,
  };
}

/** A figure with its unit; differences with their sign. */
export function figureText(
  value: number,
  { unit, isGrowth }: { readonly unit: Unit; readonly isGrowth: boolean },
): string {
  return unit === "bytes" ? bytesText(value, isGrowth) : blocksText(value, isGrowth);
}
