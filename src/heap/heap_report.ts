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

/** What no line explains, of one kind. */
export interface OtherKind {
  /** In words: compiled code, source text, `Socket objects`, …. */
  readonly kind: string;
  readonly count: number;
  readonly size: number;
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
  /** What no line explains, the largest kind first: they add up to `totals.otherSize`. */
  readonly otherKinds: readonly OtherKind[];
  readonly lines: readonly HeapLine[];
  /** How many lines have objects that are alive; `lines` are the first of them. */
  readonly lineCount: number;
  /** What the reader should know: marks that the dump does not know, and the like. */
  readonly notes: readonly string[];
}

/** Which lines hold the heap, and who holds their objects. */
export class HeapReport implements HeapReportData {
  readonly totals: HeapTotals;
  readonly otherKinds: readonly OtherKind[];
  readonly lines: readonly HeapLine[];
  readonly lineCount: number;
  readonly notes: readonly string[];

  constructor({ totals, otherKinds, lines, lineCount, notes }: HeapReportData) {
    this.totals = totals;
    this.otherKinds = otherKinds;
    this.lines = lines;
    this.lineCount = lineCount;
    this.notes = notes;
  }

  toJSON(): HeapReportData {
    const { totals, otherKinds, lines, lineCount, notes } = this;
    return { totals, otherKinds, lines, lineCount, notes };
  }

  /** The report as lines of text. */
  format(): string[] {
    return formatHeapReport(this);
  }
}

function formatHeapReport(report: HeapReportData): string[] {
  const { lines, lineCount, notes } = report;
  const text = formatTotals(report);
  for (const note of notes) text.push(`note: ${note}`);
  for (const [i, line] of lines.entries()) {
    text.push("", ...formatLine(line, i + 1));
  }
  const more = lineCount - lines.length;
  if (more > 0) text.push("", `${more} more line${more === 1 ? "" : "s"}`);
  return text;
}

/** So many kinds are shown of what no line explains. */
const SHOWN_KINDS = 6;

/** What share of the heap has a line, and what the rest is. */
export function formatTotals({
  totals,
  otherKinds,
}: Pick<HeapReportData, "totals" | "otherKinds">): string[] {
  const { heapSize, attributedSize, engineSize, otherSize } = totals;
  const share = (size: number): number => (heapSize === 0 ? 0 : Math.round((100 * size) / heapSize));
  const text = [
    `heap ${formatSize(heapSize)}: ${formatSize(attributedSize)} (${share(attributedSize)} %) of objects with a line, ${formatSize(engineSize)} (${share(engineSize)} %) of what only these hold, ${formatSize(otherSize)} that no line explains`,
  ];
  if (otherKinds.length === 0) return text;
  const kinds = otherKinds
    .slice(0, SHOWN_KINDS)
    .map(({ kind, size }) => `${escapeText(kind)} ${formatSize(size)}`);
  const left = otherKinds.slice(SHOWN_KINDS).reduce((sum, { size }) => sum + size, 0);
  if (left > 0) kinds.push(`other kinds ${formatSize(left)}`);
  return [...text, `no line: ${kinds.join(", ")}`];
}

/** One line and its paths. */
export function formatLine(line: HeapLine, rank: number): string[] {
  const { filename, lineno, functionName, count, selfSize, engineSize, retainedSize, paths } = line;
  const where = `${escapeText(filename)}:${lineno}${functionName === "" ? "" : ` ${escapeText(functionName)}`}`;
  return [
    `#${rank}: ${where}: ${formatCount(count)} object${count === 1 ? "" : "s"}, ${formatSize(selfSize)}, with ${formatSize(engineSize)} of the engine's; they retain ${formatSize(retainedSize)}`,
    ...formatPaths({ paths }),
  ];
}

/** Who holds the objects of a line. */
export function formatPaths({ paths }: Pick<HeapLine, "paths">): string[] {
  const text: string[] = [];
  for (const path of paths) {
    text.push(`    ${formatCount(path.count)} (${formatSize(path.size)}) held by ${escapeText(path.root)}`);
    for (const hop of path.hops) text.push(`        ${formatHop(hop)}`);
  }
  if (paths.length === 0) text.push("    no way from a root leads to them but weak ones");
  return text;
}

/** One step of a path. */
export function formatHop({ edge, type, filename, lineno, functionName, times }: Hop): string {
  const at = filename === null ? "" : ` {${filename}:${lineno}${functionName ? ` ${functionName}` : ""}}`;
  return escapeText(`${edge === "" ? "" : `${edge} `}${type}${at}${times > 1 ? ` × ${times}` : ""}`);
}
