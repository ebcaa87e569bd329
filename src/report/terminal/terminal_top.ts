// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { DOMAIN_SUSPENDED, DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { kindsText } from "../text/kind_texts.ts";
import { markTexts } from "../text/mark_texts.ts";
import { blocks } from "../text/units.ts";
import { upperBoundsOf } from "../views/notes.ts";
import { domainName } from "../views/stats.ts";
import { type TopEntry, type TopReport, topReport } from "../views/top.ts";
import { isLine, pluralOf, type ViewOptions } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName, sourceText, tracebackText } from "./terminal_lines.ts";

/** The manual's "pretty top": rank, file and line, size, and the source line; then what is left, and the total. */
export function terminalTop(snapshot: Snapshot, view: ViewOptions, options: TerminalOptions): string[] {
  const { colors } = options;
  const report = topReport(snapshot, view);
  const isPeak = snapshot.metadata.at === "peak";
  const when = isPeak ? ` at the peak${upperBoundsOf(snapshot).peak ? ", at most" : ""}` : "";
  const lines = suspectsText(report, view, options);
  lines.push(colors.bold(`Top ${view.limit} ${pluralOf(view.by)}${when}`));
  for (const entry of report.top) {
    const text = view.by === "traceback" ? tracebackEntry(entry, options) : nameEntry(entry, view, options);
    for (const line of text) lines.push(line);
  }
  if (report.other.entries > 0) lines.push(`${report.other.entries} other: ${formatSize(report.other.size)}`);
  if (report.unknown.entries > 0)
    lines.push(`Not shown, of unknown origin: ${formatSize(report.unknown.size)}`);
  lines.push(colors.bold(`Total allocated size: ${formatSize(report.total.size)}`));
  return lines;
}

/** Suspects first: they need not hold most yet. */
function suspectsText(report: TopReport, view: ViewOptions, options: TerminalOptions): string[] {
  const { suspects, suspectsRule } = report;
  if (suspects.length === 0) return [];
  const { bold, dim } = options.colors;
  return [
    bold(
      `[ Suspects: ${suspects.length === 1 ? "a line" : `${suspects.length} lines`} that grew in every tenth of the run ]`,
    ),
    dim(`(${suspectsRule})`),
    ...suspects.flatMap((entry) => nameEntry(entry, view, options)),
    "",
  ];
}

function nameEntry(entry: TopEntry, { by, domain }: ViewOptions, options: TerminalOptions): string[] {
  const { colors, columns, directory } = options;
  const rank = `#${entry.rank}: `;
  const counts = entry.kinds === undefined ? resourcesText(entry.count, domain) : [kindsText(entry.kinds)];
  const size = [...counts, formatSize(entry.size)].join(", ");
  const name = fitName(entry.key, columns - rank.length - 2 - size.length, directory);
  const head = `${colors.dim(rank)}${colors.cyan(name)}: ${colors.yellow(size)}`;
  const marks = entry.mark === undefined ? [] : markTexts(entry.mark);
  return [
    head,
    ...(isLine(by) ? sourceText(entry.traceback.at(-1), options) : []),
    ...marks.map((text) => `    ${colors.bold(escapeText(text))}`),
  ];
}

/** Of timers, listeners and suspended calls alone, their number says more than their size. */
function resourcesText(count: number, domain: number | undefined): string[] {
  if (domain === undefined || domain < DOMAIN_TIMER || domain > DOMAIN_SUSPENDED) return [];
  const several = domainName(domain);
  return [`${blocks(count)} ${Math.round(count) === 1 ? several.slice(0, -1) : several}`];
}

function tracebackEntry(entry: TopEntry, options: TerminalOptions): string[] {
  const { colors } = options;
  const size = colors.yellow(formatSize(entry.size));
  const memoryBlocks =
    entry.kinds === undefined
      ? `${blocks(entry.count)} memory ${Math.round(entry.count) === 1 ? "block" : "blocks"}`
      : kindsText(entry.kinds);
  const head = `${colors.dim(`#${entry.rank}: `)}${memoryBlocks}: ${size}`;
  return [head, ...tracebackText(entry.traceback, options)];
}
