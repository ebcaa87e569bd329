import { formatLine, HeapReport, type HeapReportData } from "../heap/heap_report.ts";

/** The paths of lines as text: who holds their objects. */
export function terminalWhy({ lines }: Pick<HeapReportData, "lines">): string[] {
  return ["Why it is alive:", ...lines.flatMap((line, i) => ["", ...formatLine(line, i + 1)])];
}

/** A whole report as text. */
export function terminalHeap(data: HeapReportData): string[] {
  return new HeapReport(data).format();
}
