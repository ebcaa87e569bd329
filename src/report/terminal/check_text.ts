// Browser compatible.
import { formatSize } from "../../statistics/format_size.ts";
import { commandData, commandProperty } from "../../vocabulary/workflow_commands.ts";
import { kindsGrowth } from "../text/kind_texts.ts";
import { largest } from "../text/largest.ts";
import { codeSpan, markdownTable } from "../text/markdown_text.ts";
import { blocks } from "../text/units.ts";
import { type CheckEntry, type CheckReport, limitText, shareText } from "../views/check.ts";
import type { SharedNote } from "../views/notes.ts";
import { pluralOf } from "../views/view.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName } from "./terminal_lines.ts";
import { displayWidth, padLeft, padRight } from "./width.ts";

/** The verdict in one line. */
export function checkVerdict(report: CheckReport): string {
  const { total, maxGrowth, exceeding, by } = report;
  const sizes = `${formatSize(total.old)} -> ${formatSize(total.new)}`;
  const change = [formatSize(total.growth, { sign: true }), shareText(total), kindsGrowth(total.kinds ?? [])]
    .filter((text) => text !== "")
    .join(", ");
  const limit = limitText(maxGrowth);
  if (report.ok) return `ok: live memory ${sizes} (${change}), allowed is ${limit}`;
  const parts = [
    ...(total.ok ? [] : [`live memory grew by more than ${limit}: ${sizes} (${change})`]),
    ...(exceeding > 0 ? [`${blocks(exceeding)} ${pluralOf(by)} grew by more than ${limit}`] : []),
  ];
  return `FAILED: ${parts.join("; ")}`;
}

/** The verdict, and a table of what grew. */
export function terminalCheck(
  report: CheckReport,
  { colors, columns, directory }: TerminalOptions,
): string[] {
  const verdict = checkVerdict(report);
  if (report.ok) return [colors.green(verdict)];
  const rows = [
    ["", "old", "new", "growth", ""],
    ...report.entries.map((entry) => ["", ...figuresOf(entry)]),
  ];
  const widths = rows[0].map((_, column) => largest(rows.map((row) => row[column].length)));
  const figureColumns = widths.reduce((sum, width) => sum + width + 2, -2);
  const names = [
    "",
    ...report.entries.map(({ key }) => fitName(key, columns - figureColumns - 2, directory)),
  ];
  const nameColumns = largest(names.map(displayWidth));
  const table = rows.map((row, index) => {
    const figures = row.slice(1).map((cell, column) => `  ${padLeft(cell, widths[column + 1])}`);
    const line = `${padRight(names[index], nameColumns)}${figures.join("")}`.trimEnd();
    return index === 0 ? colors.dim(line) : line;
  });
  return [colors.red(verdict), ...(report.entries.length > 0 ? table : []), ...restText(report)];
}

/**
 * The same in Markdown, for a comment on a pull request or a job's summary.
 *
 * @param notes What its reader has to know of the snapshots.
 */
export function markdownCheck(report: CheckReport, notes: readonly SharedNote[] = []): string[] {
  const lines = notes.map(({ text, names }) => `Note: ${names.map(codeSpan).join(", ")}: ${text}`);
  return [...markdownVerdict(report), ...lines.flatMap((line) => ["", line])];
}

function markdownVerdict(report: CheckReport): string[] {
  const { ok, entries } = report;
  const verdict = `${ok ? "✅" : "❌"} ${checkVerdict(report).replace(/^[A-Za-z]+: /, "")}`;
  if (entries.length === 0) return [verdict];
  const rows = entries.map((entry) => [codeSpan(entry.key), ...figuresOf(entry)]);
  const headings = [pluralOf(report.by), "old", "new", "growth", "share"];
  return [verdict, "", ...markdownTable(headings, rows, new Set([pluralOf(report.by)])), ...restText(report)];
}

/**
 * GitHub's workflow commands, which put the entries as errors beside the lines of the change.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function annotations(report: CheckReport, directory: string): string[] {
  if (report.ok) return [];
  const [verdict, ...places] = [
    `::error title=tracemalloc check::${commandData(checkVerdict(report))}`,
    ...report.entries.map((entry) => annotation(entry, directory)),
  ];
  return [verdict, ...places.filter((line) => line !== "")];
}

function annotation(entry: CheckEntry, directory: string): string {
  const frame = entry.traceback.at(-1);
  if (frame === undefined || frame.lineno === 0) return "";
  const isBelow = directory !== "" && frame.filename.startsWith(`${directory}/`);
  const file = isBelow ? frame.filename.slice(directory.length + 1) : frame.filename;
  const message = `live memory grew: ${figuresOf(entry).join(", ")}`;
  return `::error file=${commandProperty(file)},line=${frame.lineno},title=tracemalloc check::${commandData(message)}`;
}

/** What they are comes last: most entries have memory alone. */
function figuresOf(entry: CheckEntry): string[] {
  const share = [shareText(entry), kindsGrowth(entry.kinds ?? [])].filter((text) => text !== "").join(", ");
  return [formatSize(entry.old), formatSize(entry.new), formatSize(entry.growth, { sign: true }), share];
}

function restText({ exceeding, entries }: CheckReport): string[] {
  const rest = exceeding - entries.length;
  return rest > 0 ? [`… and ${blocks(rest)} more`] : [];
}
