export {
  type HeapLine,
  HeapReport,
  type HeapReportData,
  type HeapTotals,
  type Hop,
  type OtherKind,
  type RetainingPath,
} from "./heap_report.ts";
export type { HeapReportOptions } from "./options.ts";
export { readHeapReport } from "./read_heap_report.ts";
export { takeHeapReport } from "./take_heap_report.ts";
