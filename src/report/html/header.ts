// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { notesOf, upperBoundsOf } from "../views/notes.ts";
import { processReport } from "../views/process_memory.ts";
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
    notes: notesOf(snapshot),
    process: processReport(snapshot),
  };
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
