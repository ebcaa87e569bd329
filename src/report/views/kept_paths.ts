import type { HeapLine, HeapReportData, Hop, OtherKind, RetainingPath } from "../../heap/heap_report.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";

/** Who holds the lines' objects, as `run --why` has kept it in a snapshot; null: it does not tell. Whatever a file has there is looked at. */
export function keptPaths({ metadata: { why } }: Pick<Snapshot, "metadata">): HeapReportData | null {
  if (!isRecord(why) || !isRecord(why.totals) || !isList(why.lines, isLine)) return null;
  const { heapSize, attributedSize, engineSize, otherSize } = why.totals;
  if (![heapSize, attributedSize, engineSize, otherSize].every(isNumber)) return null;
  const lineCount = isNumber(why.lineCount) ? why.lineCount : why.lines.length;
  const notes = isList(why.notes, isText) ? why.notes : [];
  const otherKinds = isList(why.otherKinds, isKind) ? why.otherKinds : [];
  const totals = why.totals as unknown as HeapReportData["totals"];
  return { totals, otherKinds, lines: why.lines, lineCount, notes };
}

function isKind(value: unknown): value is OtherKind {
  return isRecord(value) && isText(value.kind) && isNumber(value.count) && isNumber(value.size);
}

function isLine(value: unknown): value is HeapLine {
  if (!isRecord(value) || !isText(value.filename) || !isText(value.functionName)) return false;
  const { lineno, count, selfSize, engineSize, retainedSize } = value;
  return [lineno, count, selfSize, engineSize, retainedSize].every(isNumber) && isList(value.paths, isPath);
}

function isPath(value: unknown): value is RetainingPath {
  return (
    isRecord(value) &&
    isText(value.root) &&
    isNumber(value.count) &&
    isNumber(value.size) &&
    isList(value.hops, isHop)
  );
}

function isHop(value: unknown): value is Hop {
  if (!isRecord(value) || !isText(value.edge) || !isText(value.type) || !isNumber(value.times)) return false;
  const { filename, lineno, functionName } = value;
  return (
    (filename === null || isText(filename)) &&
    (lineno === null || isNumber(lineno)) &&
    (functionName === null || isText(functionName))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList<T>(value: unknown, isOne: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
