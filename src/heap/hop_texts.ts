import { sourceLine } from "../snapshot/model/source_lines.ts";
import type { HeapLine, Hop, RetainingPath } from "./heap_report.ts";

const LONGEST = 200;

/** A step to the objects of a line, with the text of the line that made it; empty where that cannot be read. */
export interface HopWithText extends Hop {
  readonly source: string;
}

/** A line whose paths have the texts of holders' lines. */
export interface LineWithTexts extends Omit<HeapLine, "paths"> {
  readonly paths: readonly (Omit<RetainingPath, "hops"> & { readonly hops: readonly HopWithText[] })[];
}

/** Reads the texts of holders' lines. */
export function withTexts(lines: readonly HeapLine[]): LineWithTexts[] {
  return lines.map((line) => ({
    ...line,
    paths: line.paths.map((path) => ({ ...path, hops: path.hops.map(withText) })),
  }));
}

function withText(hop: Hop): HopWithText {
  const { filename, lineno } = hop;
  const source = filename === null ? "" : sourceLine(filename, lineno ?? 0).trim();
  return { ...hop, source: source.slice(0, LONGEST) };
}
