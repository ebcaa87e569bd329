// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { kindFigures } from "../text/kind_texts.ts";
import { blocks, signedCount } from "../text/units.ts";
import { type DiffEntry, type DiffSum, diffReport } from "../views/diff.ts";
import { isLine, type ViewOptions } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName, sourceText, tracebackText } from "./terminal_lines.ts";

/** What grew between two snapshots: the manual's differences, growth in red, the rest in green. */
export function terminalDiff(
  newer: Snapshot,
  older: Snapshot,
  view: ViewOptions,
  options: TerminalOptions,
): string[] {
  const report = diffReport(newer, older, view);
  const lines = [options.colors.bold(`[ Top ${view.limit} differences ]`)];
  for (const entry of report.top) for (const line of entryText(entry, view, options)) lines.push(line);
  if (report.top.length === 0) lines.push("No differences");
  if (report.other.entries > 0) lines.push(`${report.other.entries} other: ${sumText(report.other)}`);
  if (report.unchanged > 0) lines.push(`${blocks(report.unchanged)} unchanged`);
  lines.push(options.colors.bold(`Total: ${sumText(report.total)}`));
  return lines;
}

function entryText(entry: DiffEntry, { by }: ViewOptions, options: TerminalOptions): string[] {
  const { colors, columns, directory } = options;
  // A name may hold ": size=" itself; the figures never do.
  const split = entry.text.lastIndexOf(": size=");
  const figures = figuresText(entry, entry.text.slice(split));
  const name = fitName(entry.text.slice(0, split), columns - figures.length, directory);
  const color = (entry.sizeDiff || entry.countDiff) > 0 ? colors.red : colors.green;
  const head = `${name}${color(figures)}`;
  if (by === "traceback") return [head, ...tracebackText(entry.traceback, options)];
  return isLine(by) ? [head, ...sourceText(entry.traceback.at(-1), options)] : [head];
}

function figuresText({ kinds }: DiffEntry, figures: string): string {
  return kinds === undefined ? figures : figures.replace(/count=-?\d+ \([+-]\d+\)/, kindFigures(kinds));
}

function sumText(sum: DiffSum): string {
  const size = `size=${formatSize(sum.size)} (${formatSize(sum.sizeDiff, { sign: true })})`;
  const counts =
    sum.kinds === undefined
      ? `count=${Math.round(sum.count)} (${signedCount(sum.countDiff)})`
      : kindFigures(sum.kinds);
  return `${size}, ${counts}`;
}
