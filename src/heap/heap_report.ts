import { formatCount } from "../statistics/format_count.ts";
import { formatSize } from "../statistics/format_size.ts";
import { escapeText } from "../vocabulary/escape_text.ts";

/** Bytes, as V8 counts them. */
export interface HeapTotals {
  /** All of the heap, with what objects hold outside of it as far as V8 knows. */
  readonly heapSize: number;
  /** Objects of which a line is known. */
  readonly attributedSize: number;
  /** What has no line, and only such objects hold. */
  readonly engineSize: number;
  /** What no line explains. */
  readonly otherSize: number;
}

/** One step from a root to the objects of a line. */
export interface Hop {
  /** How the one before holds it: `.name`, `[]`, `[key]`, `context .name` (a variable that a function closes over), … */
  readonly edge: string;
  /** `Object`, `Array`, a class's name, `closure`, …. */
  readonly type: string;
  /** The line that made it; null where none is known. */
  readonly filename: string | null;
  readonly lineno: number | null;
  readonly functionName: string | null;
  /** How often in a row: items of a linked list. */
  readonly times: number;
}

/** Who holds objects of a line: a shortest way from a root, and how many objects are held in such a way. */
export interface RetainingPath {
  /** Objects of the line that are reached so. In adaptive mode an estimate. */
  readonly count: number;
  /** Their own bytes. */
  readonly size: number;
  /** In words: a module's variable, a timer, a listener of …. */
  readonly root: string;
  /** The root's first, the line's objects last. */
  readonly hops: readonly Hop[];
}

/** What the objects of one line take, and why they are alive. Bytes are V8's. */
export interface HeapLine {
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
  /** Objects that are alive. In adaptive mode this and the sizes are estimates. */
  readonly count: number;
  readonly selfSize: number;
  /** What has no line, and only these objects hold: backing stores, contexts, what the runtime made for them. */
  readonly engineSize: number;
  /** What would be gone with them, nothing twice. */
  readonly retainedSize: number;
  /** The most frequent first. */
  readonly paths: readonly RetainingPath[];
}

/** What `toJSON` gives. */
export interface HeapReportData {
  readonly totals: HeapTotals;
  readonly lines: readonly HeapLine[];
  /** How many lines have objects that are alive; `lines` are the first of them. */
  readonly lineCount: number;
  /** What the reader should know: marks that the dump does not know, and the like. */
  readonly notes: readonly string[];
}

/** Which lines hold the heap, and who holds their objects. */
export class HeapReport implements HeapReportData {
  readonly totals: HeapTotals;
  readonly lines: readonly HeapLine[];
  readonly lineCount: number;
  readonly notes: readonly string[];

  constructor({ totals, lines, lineCount, notes }: HeapReportData) {
    this.totals = totals;
    this.lines = lines;
    this.lineCount = lineCount;
    this.notes = notes;
  }

  toJSON(): HeapReportData {
    const { totals, lines, lineCount, notes } = this;
    return { totals, lines, lineCount, notes };
  }

  /** The report as lines of text. */
  format(): string[] {
    return formatHeapReport(this);
  }
}

function formatHeapReport({ totals, lines, lineCount, notes }: HeapReportData): string[] {
  const text: string[] = [];
  const share = totals.heapSize === 0 ? 0 : Math.round((100 * totals.attributedSize) / totals.heapSize);
  text.push(
    `heap ${formatSize(totals.heapSize)}: ${formatSize(totals.attributedSize)} (${share} %) of objects with a line, ${formatSize(totals.engineSize)} of what only these hold, ${formatSize(totals.otherSize)} that no line explains`,
  );
  for (const note of notes) text.push(`note: ${note}`);
  for (const [i, line] of lines.entries()) {
    text.push("", ...formatLine(line, i + 1));
  }
  const more = lineCount - lines.length;
  if (more > 0) text.push("", `${more} more line${more === 1 ? "" : "s"}`);
  return text;
}

/** One line and its paths. */
export function formatLine(line: HeapLine, rank: number): string[] {
  const { filename, lineno, functionName, count, selfSize, engineSize, retainedSize, paths } = line;
  const where = `${escapeText(filename)}:${lineno}${functionName === "" ? "" : ` ${escapeText(functionName)}`}`;
  const text = [
    `#${rank}: ${where}: ${formatCount(count)} object${count === 1 ? "" : "s"}, ${formatSize(selfSize)}, with ${formatSize(engineSize)} of the engine's; they retain ${formatSize(retainedSize)}`,
  ];
  for (const path of paths) {
    text.push(`    ${formatCount(path.count)} (${formatSize(path.size)}) held by ${escapeText(path.root)}`);
    for (const hop of path.hops) text.push(`        ${formatHop(hop)}`);
  }
  if (paths.length === 0) text.push("    no way from a root leads to them but weak ones");
  return text;
}

function formatHop({ edge, type, filename, lineno, functionName, times }: Hop): string {
  const at = filename === null ? "" : ` {${filename}:${lineno}${functionName ? ` ${functionName}` : ""}}`;
  return escapeText(`${edge === "" ? "" : `${edge} `}${type}${at}${times > 1 ? ` × ${times}` : ""}`);
}
