// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { blocks, blocksText } from "../text/units.ts";
import { type ShortLivedEntry, shortLivedReport } from "../views/short_lived.ts";
import { isLine, pluralOf, type ViewOptions } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName, sourceText, tracebackText } from "./terminal_lines.ts";

/** The top of what was allocated and has died again. */
export function terminalShortLived(
  snapshot: Snapshot,
  view: ViewOptions,
  options: TerminalOptions,
): string[] {
  const { colors } = options;
  const { shortLived, other, total } = shortLivedReport(snapshot, view);
  const lines = [colors.bold(`Top ${view.limit} ${pluralOf(view.by)} by what died again`)];
  for (const entry of shortLived) for (const line of entryText(entry, view, options)) lines.push(line);
  if (other.entries > 0) lines.push(`${other.entries} other: ${formatSize(other.freedSize)}`);
  const sizes = `${formatSize(total.freedSize)} of ${formatSize(total.allocatedSize)}`;
  lines.push(colors.bold(`Total freed size: ${sizes}`));
  return lines;
}

function entryText(entry: ShortLivedEntry, { by }: ViewOptions, options: TerminalOptions): string[] {
  const { colors, columns, directory } = options;
  const rank = `#${entry.rank}: `;
  const size = formatSize(entry.freedSize);
  const counts = `, ${blocks(entry.freedCount)} of ${blocksText(entry.allocatedCount)}`;
  if (by === "traceback") {
    return [`${colors.dim(rank)}${colors.yellow(size)}${counts}`, ...tracebackText(entry.traceback, options)];
  }
  const name = fitName(entry.key, columns - rank.length - 2 - size.length - counts.length, directory);
  const head = `${colors.dim(rank)}${colors.cyan(name)}: ${colors.yellow(size)}${counts}`;
  return isLine(by) ? [head, ...sourceText(entry.traceback.at(-1), options)] : [head];
}
