// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { kindsOrBlocks, kindsText } from "../text/kind_texts.ts";
import { largest } from "../text/largest.ts";
import { blocks, blocksText } from "../text/units.ts";
import type { ShortLivedEntry } from "../views/short_lived.ts";
import {
  type Allocator,
  type Bucket,
  type StatsReport,
  type SumKinds,
  type Sums,
  statsReport,
} from "../views/stats.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName } from "./terminal_lines.ts";
import { displayWidth, padLeft, padRight } from "./width.ts";

/** The longest bar of the histogram, in columns. */
const BAR_COLUMNS = 40;

/** Totals, domains, types, block sizes and the largest allocators of a snapshot. */
export function terminalStats(snapshot: Snapshot, options: TerminalOptions): string[] {
  const report = statsReport(snapshot);
  const { total } = report;
  const heading = (text: string): string[] => ["", options.colors.bold(text)];
  const lines = [
    `Live:       ${formatSize(total.size)} in ${kindsOrBlocks(total.kinds ?? null, total.count)}`,
    `Allocated:  ${formatSize(total.allocatedSize)} in ${kindsOrBlocks(total.allocatedKinds ?? null, total.allocatedCount)}`,
    `Tracebacks: ${blocks(report.tracebacks)} distinct, of at most ${frameCount(report)}`,
    ...heading("Domains"),
    ...sumsTable(report.domains, (one) => `${one.domain} ${one.name}`, options),
    ...heading("Types that hold the most memory"),
    ...sumsTable(report.types, (one) => one.type, options),
    ...packagesText(report, options),
    ...heading("Sizes of live blocks"),
    ...histogramText(report.histogram, options),
    ...heading("Lines that allocated the most bytes"),
    ...allocatorText(report.allocatorsBySize, options),
    ...heading("Lines that allocated the most blocks"),
    ...allocatorText(report.allocatorsByCount, options),
    ...heading("Lines that freed the most bytes again"),
    ...shortLivedText(report.shortLived, options),
  ];
  return lines;
}

/** Nothing where all is the program's own. */
function packagesText({ packages }: StatsReport, options: TerminalOptions): string[] {
  if (packages.length < 2) return [];
  return [
    "",
    options.colors.bold("Packages whose lines hold the most memory"),
    ...sumsTable(packages, (one) => one.package, options),
  ];
}

function frameCount({ tracebackLimit }: StatsReport): string {
  return tracebackLimit === 1 ? "1 frame" : `${tracebackLimit} frames`;
}

function sumsTable<T extends Readonly<Sums> & SumKinds>(
  rows: readonly T[],
  name: (row: T) => string,
  options: TerminalOptions,
): string[] {
  const head = ["", "live", "blocks", "allocated", "blocks"];
  const figures = rows.map((row) => [
    name(row),
    formatSize(row.size),
    row.kinds === undefined ? blocks(row.count) : kindsText(row.kinds),
    formatSize(row.allocatedSize),
    row.allocatedKinds === undefined ? blocks(row.allocatedCount) : kindsText(row.allocatedKinds),
  ]);
  return table([head, ...figures], options);
}

/** Rows of a name and figures; the names give way where the terminal is narrow. */
function table(rows: readonly (readonly string[])[], options: TerminalOptions): string[] {
  if (rows.length === 1) return ["  none"];
  const widths = rows[0].map((_, column) => largest(rows.map((row) => row[column].length)));
  const figures = widths.slice(1).reduce((sum, width) => sum + width + 2, 2);
  const names = rows.map(([name]) => fitName(name, options.columns - figures, ""));
  const nameColumns = largest(names.map(displayWidth));
  return rows.map((row, index) => {
    const cells = row.slice(1).map((cell, column) => `  ${padLeft(cell, widths[column + 1])}`);
    const line = `  ${padRight(names[index], nameColumns)}${cells.join("")}`;
    return index === 0 ? options.colors.dim(line) : line;
  });
}

function histogramText(buckets: readonly Bucket[], options: TerminalOptions): string[] {
  if (buckets.length === 0) return ["  none"];
  const most = largest(buckets.map((bucket) => bucket.count));
  const ranges = buckets.map((bucket) => `${formatSize(bucket.from)} to ${formatSize(bucket.to)}`);
  const counts = buckets.map((bucket) => blocks(bucket.count));
  const rangeColumns = largest(ranges.map((range) => range.length));
  const countColumns = largest(counts.map((count) => count.length));
  const room = Math.max(1, Math.min(BAR_COLUMNS, options.columns - rangeColumns - countColumns - 6));
  return buckets.map((bucket, index) => {
    // A bucket that is not empty shows, however short its bar would be.
    const bar = bucket.count > 0 ? "█".repeat(Math.max(1, Math.round((bucket.count / most) * room))) : "";
    const line = `  ${padLeft(ranges[index], rangeColumns)}  ${padLeft(counts[index], countColumns)}`;
    return bar === "" ? line : `${line}  ${options.colors.cyan(bar)}`;
  });
}

function allocatorText(allocators: readonly Allocator[], options: TerminalOptions): string[] {
  return ranked(
    allocators.map(({ filename, lineno, allocatedSize, allocatedCount, allocatedKinds = null }) => [
      `${filename}:${lineno}`,
      `${formatSize(allocatedSize)}, ${kindsOrBlocks(allocatedKinds, allocatedCount)}`,
    ]),
    options,
  );
}

function shortLivedText(entries: readonly ShortLivedEntry[], options: TerminalOptions): string[] {
  return ranked(
    entries.map(({ key, freedSize, freedCount, allocatedCount }) => [
      key,
      `${formatSize(freedSize)}, ${blocks(freedCount)} of ${blocksText(allocatedCount)}`,
    ]),
    options,
  );
}

function ranked(entries: readonly (readonly [string, string])[], options: TerminalOptions): string[] {
  if (entries.length === 0) return ["  none"];
  const { colors, columns, directory } = options;
  return entries.map(([key, figures], index) => {
    const rank = `  #${index + 1}: `;
    const name = fitName(key, columns - rank.length - figures.length - 2, directory);
    return `${colors.dim(rank)}${colors.cyan(name)}: ${figures}`;
  });
}
