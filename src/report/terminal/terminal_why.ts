import { formatLine, type HeapReportData } from "../../heap/heap_report.ts";

/** The paths of lines as text: who holds their objects. */
export function terminalWhy({ lines }: Pick<HeapReportData, "lines">): string[] {
  return ["Why it is alive:", ...lines.flatMap((line, i) => ["", ...formatLine(line, i + 1)])];
}
