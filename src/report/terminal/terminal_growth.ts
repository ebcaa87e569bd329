// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { blocks } from "../text/units.ts";
import { type GrowthEntry, growthReport } from "../views/growth.ts";
import { isLine, pluralOf, type ViewOptions } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName, sizesText, sourceText, tracebackText } from "./terminal_lines.ts";

/** What grew in every step of a series of snapshots, with the rule by which it is listed. */
export function terminalGrowth(
  snapshots: readonly Snapshot[],
  { leastGrowth, ...view }: ViewOptions & { readonly leastGrowth: number },
  options: TerminalOptions,
): string[] {
  const report = growthReport(snapshots, view, leastGrowth);
  const what = `${blocks(report.found)} of ${blocks(report.entries)} ${pluralOf(view.by)}`;
  const lines = [options.colors.bold(`[ Grew in each of ${report.steps} steps: ${what} ]`)];
  for (const entry of report.suspects) for (const line of entryText(entry, view, options)) lines.push(line);
  const rest = report.found - report.suspects.length;
  if (rest > 0) lines.push(`${blocks(rest)} other`);
  lines.push(`Total: ${sizesText(report.totals)}`, options.colors.dim(`Listed are ${report.rule}.`));
  return lines;
}

function entryText(entry: GrowthEntry, { by }: ViewOptions, options: TerminalOptions): string[] {
  const { colors, columns, directory } = options;
  const growth = ` (${formatSize(entry.growth, { sign: true })})`;
  const figures = `: ${sizesText(entry.sizes)}`;
  const name = fitName(entry.key, columns - figures.length - growth.length, directory);
  const head = `${name}${figures}${colors.red(growth)}`;
  if (by === "traceback") return [head, ...tracebackText(entry.traceback, options)];
  return isLine(by) ? [head, ...sourceText(entry.traceback.at(-1), options)] : [head];
}
