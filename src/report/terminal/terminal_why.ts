import { formatLine, formatTotals, type HeapReportData } from "../../heap/heap_report.ts";

/** The paths of lines as text: who holds their objects, and what share of the heap that explains. */
export function terminalWhy(why: Pick<HeapReportData, "totals" | "otherKinds" | "lines">): string[] {
  return [
    "Why it is alive:",
    ...formatTotals(why),
    ...why.lines.flatMap((line, i) => ["", ...formatLine(line, i + 1)]),
  ];
}
