// Browser compatible.
import type { HeapReportData, Hop, RetainingPath } from "../../heap/heap_report.ts";
import { withoutMiddle } from "../../heap/hops.ts";
import type { ReportLimits } from "./limits.ts";
import type { HeldHop, HeldLine, HeldPath } from "./model.ts";
import { type OutputNames, shortened } from "./output_names.ts";

const LONGEST = 300;
/** Steps of one way; the command that looks for ways leaves out the middle of those with more than 40. */
const MOST_HOPS = 60;

/** Who holds lines' objects, as it goes into a report. It comes from a file: there may be any number of anything. */
export function heldLines(
  { lines }: Pick<HeapReportData, "lines">,
  files: OutputNames,
  { hops: most, name: longest }: Pick<ReportLimits, "hops" | "name">,
): HeldLine[] {
  let left = most;
  const text = (value: string): string => shortened(value, Math.min(longest, LONGEST));
  const hopOf = ({ edge, type, filename, lineno, functionName, times }: Hop): HeldHop => ({
    edge: text(edge),
    type: text(type),
    file: filename === null ? -1 : files.numberOf(filename),
    line: whole(lineno ?? 0),
    functionName: text(functionName ?? ""),
    times: whole(times),
  });
  const pathOf = ({ count, size, root, hops }: RetainingPath): HeldPath => ({
    count: whole(count),
    size: whole(size),
    root: text(root),
    hops: withoutMiddle(hops, MOST_HOPS).map(hopOf),
  });
  const held: HeldLine[] = [];
  for (const { filename, lineno, functionName, count, selfSize, engineSize, retainedSize, paths } of lines) {
    if (left <= 0) break;
    left--;
    const kept: HeldPath[] = [];
    for (const path of paths) {
      if (left <= 0) break;
      const one = pathOf(path);
      left -= one.hops.length + 1;
      kept.push(one);
    }
    held.push({
      file: files.numberOf(filename),
      line: whole(lineno),
      functionName: text(functionName),
      count: whole(count),
      selfSize: whole(selfSize),
      engineSize: whole(engineSize),
      retainedSize: whole(retainedSize),
      paths: kept,
    });
  }
  return held;
}

function whole(value: number): number {
  return Math.max(0, Math.round(value));
}
