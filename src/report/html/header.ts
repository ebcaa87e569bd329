// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { notesOf, upperBoundsOf } from "../views/notes.ts";
import { processReport } from "../views/process_memory.ts";
import { totalResources } from "../views/total_kinds.ts";
import type { ReportHeader } from "./model.ts";
import { shortened } from "./output_names.ts";

const LONGEST = 500;

/** What a snapshot says about its run. Metadata come from a file: nothing in them need be what it should. */
export function reportHeader(snapshot: Snapshot, file: string): ReportHeader {
  const { metadata, tracebackLimit } = snapshot;
  const text = (key: string): string => {
    const value = metadata[key];
    return typeof value === "string" ? shortened(value, LONGEST) : "";
  };
  const { sampling, at } = metadata;
  return {
    file: shortened(file, LONGEST),
    program: text("program"),
    runtime: text("runtime"),
    engine: text("engine"),
    platform: text("platform"),
    time: isoTime(metadata.time),
    pid: number(metadata.pid),
    sampling: sampling === "exact" || sampling === "adaptive" ? sampling : number(sampling),
    nframe: tracebackLimit,
    at: at === "peak" ? "peak" : "now",
    peak: number(metadata.peak),
    upperBounds: upperBoundsOf(snapshot),
    resources: resourcesOf(snapshot),
    notes: notesOf(snapshot),
    process: processReport(snapshot),
  };
}

function resourcesOf(snapshot: Snapshot): ReportHeader["resources"] {
  const [alive, peak, allocated] = (["count", "peakCount", "allocatedCount"] as const).map((figure) =>
    totalResources(snapshot, figure),
  );
  const freed = allocated
    .map(({ kind, count }) => ({ kind, count: count - (alive.find((one) => one.kind === kind)?.count ?? 0) }))
    .filter(({ count }) => count > 0);
  return { alive, peak, allocated, freed };
}

function number(value: unknown): number | null {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : null;
}

/** Foreign profiles give milliseconds. */
function isoTime(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
