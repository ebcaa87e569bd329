// What test files keep, as text and as annotations on GitHub.
import { relative } from "node:path";
import { DomainFilter, type Snapshot, type Statistic } from "../../../mod.ts";
import { DOMAIN_NAMES } from "../../../src/vocabulary/domain_names.ts";
import { DOMAIN_EXTERNAL, DOMAIN_HEAP, DOMAIN_STRING } from "../../../src/vocabulary/domains.ts";
import { escapeText } from "../../../src/vocabulary/escape_text.ts";
import { commandData, commandProperty } from "../../../src/vocabulary/workflow_commands.ts";
import { bytes } from "../messages.ts";
import type { CheckedReportOptions } from "./budgets.ts";
import type { KeptByFile } from "./exchange.ts";

/** What one test file kept when its last test had ended. */
export interface FileReport {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Objects; strings are measured through what holds them. */
  readonly count: number;
  /** Timers, listeners, suspended calls and what the program itself tracks in domains of its own: how many of each, by its word. */
  readonly resources: ReadonlyMap<string, number>;
  /** Largest first. */
  readonly lines: readonly Statistic[];
  /** Bytes; null: none. */
  readonly budget: number | null;
  /** Whether any of the code that ran was instrumented. */
  readonly isInstrumented: boolean;
}

/** The last domain of memory; those behind it are resources. */
const LAST_OF_MEMORY = DOMAIN_STRING;

/** A report of each file, that which keeps most first. */
export function reportFiles(kept: readonly KeptByFile[], { budgetOf }: CheckedReportOptions): FileReport[] {
  return kept
    .map(({ file, snapshot }) => reportFile(file, snapshot, budgetOf(file)))
    .sort((a, b) => b.size - a.size || (a.file < b.file ? -1 : 1));
}

function reportFile(file: string, snapshot: Snapshot, budget: number | null): FileReport {
  const lines = snapshot.statistics("lineno").filter(({ size, count }) => size > 0 || count > 0);
  const objects = snapshot.filterTraces([
    new DomainFilter(true, DOMAIN_HEAP),
    new DomainFilter(true, DOMAIN_EXTERNAL),
  ]);
  return {
    file,
    size: total(lines, "size"),
    count: total(objects.statistics("lineno"), "count"),
    resources: resourcesOf(snapshot),
    lines,
    budget,
    isInstrumented: snapshot.metadata.files !== 0,
  };
}

function resourcesOf(snapshot: Snapshot): Map<string, number> {
  const found = new Map<string, number>();
  for (const { domain } of snapshot.traces) {
    if (domain <= LAST_OF_MEMORY) continue;
    const name = DOMAIN_NAMES[domain] ?? `tracked (domain ${domain})`;
    if (found.has(name)) continue;
    const count = total(
      snapshot.filterTraces([new DomainFilter(true, domain)]).statistics("lineno"),
      "count",
    );
    if (count > 0) found.set(name, count);
  }
  return found;
}

function total(statistics: readonly Statistic[], key: "size" | "count"): number {
  return statistics.reduce((sum, statistic) => sum + statistic[key], 0);
}

/** Those that keep more than they may. */
export function overBudget(reports: readonly FileReport[]): FileReport[] {
  return reports.filter(({ size, budget }) => budget !== null && size > budget);
}

/**
 * The summary.
 *
 * @param missing Test files of which nothing has come.
 * @param help What to add to the project where nothing comes, or nothing is instrumented.
 */
export function summaryText(
  reports: readonly FileReport[],
  {
    root,
    lines,
    files,
    missing = [],
    help,
  }: Pick<CheckedReportOptions, "lines" | "files"> & {
    root: string;
    missing?: readonly string[];
    help: string;
  },
): string {
  const shown = (path: string): string => escapeText(shortName(path, root));
  const isOver = new Set(overBudget(reports));
  const chosen = reports.filter((report, i) => i < files || isOver.has(report));
  const out = ["", "Memory kept by test files, after their last test:", ""];
  for (const report of chosen) {
    const { file, budget, isInstrumented } = report;
    const limit = isOver.has(report) ? `   over its budget of ${bytes(budget!)}` : "";
    const none = isInstrumented ? "" : "   none of its code is instrumented";
    out.push(`${bytes(report.size).padStart(12)}  ${shown(file)}${amounts(report)}${limit}${none}`);
    for (const line of report.lines.slice(0, lines)) out.push(...lineText(line, shown));
  }
  if (chosen.length < reports.length) out.push(`              … and ${more(reports.length - chosen.length)}`);
  for (const file of missing) out.push(`${"?".padStart(12)}  ${shown(file)}   nothing was recorded`);
  if (reports.length === 0 && missing.length === 0) out.push("              no test file has run");
  if (missing.length > 0 || reports.some(({ isInstrumented }) => !isInstrumented)) out.push("", help);
  return `${out.join("\n")}\n`;
}

function amounts({ count, resources }: FileReport): string {
  const all = [["objects", count] as const, ...resources];
  return `   ${all.map(([name, n]) => `${n} ${n === 1 ? name.replace(/s$/, "") : name}`).join(", ")}`;
}

function lineText({ traceback, size, count }: Statistic, shown: (path: string) => string): string[] {
  const { filename, lineno } = traceback.at(-1)!;
  const [, ...source] = traceback.format({ limit: 1 });
  return [
    `${bytes(size).padStart(16)}  ${shown(filename)}:${lineno}   in ${count}`,
    ...source.map((text) => `${" ".repeat(20)}${escapeText(text.trim()).slice(0, 160)}`),
  ];
}

function more(count: number): string {
  return `${count} more ${count === 1 ? "file" : "files"}`;
}

function shortName(path: string, root: string): string {
  const name = relative(root, path);
  return name.startsWith("..") ? path : name;
}

/**
 * Commands by which GitHub's runner marks the line that keeps most in each file over its budget; none elsewhere.
 *
 * @param root The repository's folder: names are relative to it.
 */
export function annotations(
  reports: readonly FileReport[],
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (env.GITHUB_ACTIONS !== "true") return "";
  const base = env.GITHUB_WORKSPACE || root;
  return overBudget(reports)
    .map(({ file, size, budget, lines }) => {
      const place = lines[0]?.traceback.at(-1);
      // A line of a package is none of the repository's.
      const isOwn =
        place !== undefined && !shortName(place.filename, base).match(/^(?:\.\.|\/|\w+:)|node_modules/);
      const where = isOwn
        ? `file=${commandProperty(shortName(place.filename, base))},line=${Math.max(place.lineno, 1)}`
        : `file=${commandProperty(shortName(file, base))},line=1`;
      const most =
        place === undefined
          ? ""
          : `; most of it by ${place.filename}:${place.lineno} (${bytes(lines[0]!.size)})`;
      const text = `${shortName(file, base)} keeps ${bytes(size)}, its budget is ${bytes(budget!)}${most}`;
      return `::error ${where},title=${commandProperty("Memory kept by tests")}::${commandData(escapeText(text))}\n`;
    })
    .join("");
}
