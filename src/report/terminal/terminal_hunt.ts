// Browser compatible.
import { formatHop, formatPaths, type HeapLine } from "../../heap/heap_report.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { blocks } from "../text/units.ts";
import { badText, type HuntReport } from "../views/hunt.ts";
import type { CommonHolders } from "../views/hunt_common.ts";
import type { GrownLine, GrownResource } from "../views/hunt_growth.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName, sizesText, sourceText } from "./terminal_lines.ts";

/** So many lines are shown; all are in the JSON. */
const SHOWN = 10;
/** Of so many of them, who holds their objects: the way that holds most. */
const SHOWN_PATHS = 5;

/** What a hunt has found: the verdict first. */
export function terminalHunt(report: HuntReport, options: TerminalOptions): string[] {
  const { verdict, reason, lines, resources, letGo, filled, words, notes, whyNot } = report;
  const { colors } = options;
  const color = verdict === "leaks" ? colors.red : verdict === "does not leak" ? colors.green : colors.yellow;
  const text = [
    color(escapeText(`${verdict.toUpperCase()}: ${reason}`)),
    colors.dim(escapeText(roundsText(report))),
  ];
  for (const note of notes) text.push(`Note: ${escapeText(note)}`);
  if (report.common !== null) text.push("", ...commonText(report.common));
  if (verdict === "cannot tell" && lines.length > 0) text.push("", "What grew in every round until then:");
  for (const [index, line] of lines.slice(0, SHOWN).entries()) {
    text.push("", ...lineText(line, { rank: index + 1, word: words[0], options }));
    const held = index < SHOWN_PATHS ? report.why?.lines.find((one) => isOf(one, line)) : undefined;
    if (held !== undefined) text.push(...formatPaths({ paths: held.paths.slice(0, 1) }));
  }
  if (lines.length > SHOWN) text.push("", `${blocks(lines.length - SHOWN)} more lines (--json has all)`);
  if (resources.length > 0)
    text.push(
      "",
      "More after every round:",
      ...resources.slice(0, SHOWN).map((one) => resourceText(one, words[0], options)),
    );
  const listed = (heading: string, found: readonly GrownLine[]): void => {
    if (found.length === 0) return;
    text.push("", heading);
    for (const { filename, lineno } of found.slice(0, SHOWN))
      text.push(`  ${fitName(`${filename}:${lineno}`, options.columns - 2, options.directory)}`);
  };
  listed("Grew in every round, and let go of it by itself some time later:", letGo);
  listed(
    `Grew in every round at first, and no more after many more ${words[1]}, as a cache that is full:`,
    filled,
  );
  if (whyNot !== null) text.push("", `Who holds it is not known: ${escapeText(whyNot)}`);
  if (report.report !== null) text.push("", `Report: ${escapeText(report.report)}`);
  return text;
}

function commonText({ share, root, hops }: CommonHolders): string[] {
  return [
    `${Math.floor(100 * share)} % of what grew is held by ${escapeText(root)}`,
    ...hops.map((hop) => `    ${formatHop(hop)}`),
  ];
}

function roundsText({ rounds, warmUp, words, answers, sampling, runtime, reason }: HuntReport): string {
  const counts = rounds.slice(1).map(({ requests }) => requests);
  const groups: string[] = [];
  for (let i = 0; i < counts.length; ) {
    let end = i;
    while (end < counts.length && counts[end] === counts[i]) end++;
    groups.push(`${end - i} ${end - i === 1 ? "round" : "rounds"} of ${blocks(counts[i])}`);
    i = end;
  }
  const failed = badText(answers, words);
  const bad = Object.keys(answers.bad).length === 0 || reason === failed ? "" : `; ${failed}`;
  const retried = answers.retried === 0 ? "" : `; ${blocks(answers.retried)} were sent again`;
  const done = `${blocks(answers.good)} ${words[1]} answered${bad}${retried}`;
  return `${runtime}, ${sampling.join(", then ")}: ${blocks(warmUp)} ${words[1]} to warm up, ${groups.join(", ") || "no round"}; ${done}`;
}

function isOf(held: HeapLine, { filename, lineno }: GrownLine): boolean {
  return held.filename === filename && held.lineno === lineno;
}

function lineText(
  line: GrownLine,
  { rank, word, options }: { rank: number; word: string; options: TerminalOptions },
): string[] {
  const { filename, lineno, functionName, bytesPerRequest, objectsPerRequest, sizes, types } = line;
  const { colors, columns, directory } = options;
  const kinds = types.length === 0 ? "" : ` (${escapeText(types.slice(0, 3).join(", "))})`;
  const count = amount(objectsPerRequest);
  const blocksEach = `in ${count} ${count === "1" ? "block" : "blocks"}${kinds}`;
  const objects = objectsPerRequest === 0 ? "as what was there before grows" : blocksEach;
  const name = fitName(`${filename}:${lineno}`, columns - 8, directory);
  const where = functionName === "" ? name : `${name} ${escapeText(functionName)}`;
  const figures = `+${formatSize(bytesPerRequest)} a ${word} ${objects}: ${sizesText(sizes)}`;
  return [
    `#${rank}: ${colors.cyan(where)}`,
    ...sourceText({ filename, lineno, column: 0, functionName }, options),
    `    ${colors.red(figures)}${line.isEstimate ? ", an estimate" : ""}`,
    ...(line.package === null ? [] : [`    of package ${escapeText(line.package)}`]),
  ];
}

function resourceText(
  { name, filename, lineno, perRequest, counts }: GrownResource,
  word: string,
  { columns, directory }: TerminalOptions,
): string {
  const place = fitName(`${filename}:${lineno}`, columns - 40, directory);
  return `  ${name}: ${place}: +${amount(perRequest)} a ${word} (${blocks(counts[0])} → ${blocks(counts.at(-1)!)})`;
}

/** `1`, `0.33`, `12.5`. */
function amount(value: number): string {
  return String(Number(value.toPrecision(value < 1 ? 2 : 3)));
}
