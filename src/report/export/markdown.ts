// Browser compatible.

import { formatLine, formatTotals } from "../../heap/heap_report.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import type { StatisticDiff } from "../../statistics/statistic.ts";
import { kindsGrowth, kindsOrBlocks, kindsText } from "../text/kind_texts.ts";
import { codeBlock, codeSpan, markdownTable } from "../text/markdown_text.ts";
import { blocks, signedCount } from "../text/units.ts";
import { keptPaths } from "../views/kept_paths.ts";
import { largestPath } from "../views/largest_path.ts";
import { notesOf } from "../views/notes.ts";
import { type KindCount, kindsBetween, kindsOf, resourceCounts } from "../views/resource_counts.ts";
import { GREW_AND_KEPT_RULE, grewAndKept, KEEPS_ALL_RULE, keepsAll } from "../views/suspects.ts";
import { entryKey } from "../views/top.ts";
import { totalKinds, totalKindsBetween } from "../views/total_kinds.ts";
import { filtered, pluralOf, type ViewOptions } from "../views/view.ts";
import { chunks } from "./chunks.ts";
import { baseName } from "./frame_name.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

/** How many entries are shown with their source lines and callers, and how many callers. */
const DETAILED = 5;
const CALLERS = 8;
const LEFT = new Set(["what", "function"]);

/**
 * A summary in Markdown, short enough to paste into an issue or hand to a language model. Everything that comes from
 * the program stands in code spans and code blocks, which it cannot leave.
 */
export function markdown(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const {
    by = "lineno",
    cumulative = false,
    limit = 10,
    older,
    directory = "",
    sourceLine = () => "",
  } = options;
  const view = { ...selectionOf(options), by, cumulative, limit };
  const summary = new Summary(filtered(snapshot, view), view, { directory, sourceLine });
  const before = older === undefined ? undefined : filtered(older, view);
  return chunks(summary.lines(before).map((line) => `${line}\n`));
}

/** What only the machine knows that the summary is made on. */
type Local = Required<Pick<ExportOptions, "directory" | "sourceLine">>;

class Summary {
  readonly #snapshot: Snapshot;
  readonly #view: ViewOptions;
  readonly #local: Local;

  constructor(snapshot: Snapshot, view: ViewOptions, local: Local) {
    this.#snapshot = snapshot;
    this.#view = view;
    this.#local = local;
  }

  lines(older: Snapshot | undefined): string[] {
    return [
      ...this.#head(),
      ...notesOf(this.#snapshot).flatMap((note) => [`Note: ${note}.`, ""]),
      ...(older === undefined ? [] : notesOf(older)).flatMap((note) => [
        `Note on the old snapshot: ${note}.`,
        "",
      ]),
      ...this.#top(),
      ...(older === undefined ? this.#suspects() : this.#growth(older)),
      ...this.#details(),
      ...this.#paths(),
    ];
  }

  #head(): string[] {
    const { metadata } = this.#snapshot;
    const text = (value: unknown): string => (typeof value === "string" ? value : "");
    const program = text(metadata.program);
    const facts = [
      text(metadata.runtime),
      text(metadata.engine),
      text(metadata.platform),
      text(metadata.time),
    ]
      .filter((fact) => fact !== "")
      .map(codeSpan);
    return [
      `# Memory${program === "" ? "" : ` of ${codeSpan(baseName(program))}`}`,
      "",
      ...(facts.length > 0 ? [`${facts.join(", ")}. ${this.#accuracy()}`, ""] : []),
    ];
  }

  #accuracy(): string {
    const { sampling } = this.#snapshot.metadata;
    if (sampling === "exact") return "Every block was followed until it died.";
    return sampling === undefined ? "" : "Live figures are estimates (sampling); allocated ones are counted.";
  }

  #top(): string[] {
    const { by, cumulative, limit } = this.#view;
    const all = this.#snapshot.statistics(by, cumulative).filter(({ size, count }) => size > 0 || count > 0);
    const sum = this.#snapshot.statistics("type");
    const total = (figure: "size" | "count" | "allocatedSize" | "allocatedCount"): number =>
      sum.reduce((value, one) => value + one[figure], 0);
    const resources = resourceCounts(this.#snapshot, this.#view);
    const rows = all.slice(0, limit).map((one, index) => {
      const counts = resources.get(one.key);
      const figures = [
        formatSize(one.size),
        counts === undefined ? blocks(one.count) : kindsText(kindsOf(one.count, counts)),
        formatSize(one.allocatedSize),
        blocks(one.allocatedCount),
      ];
      return [String(index + 1), ...this.#names(one), ...figures];
    });
    const rest = all.length - rows.length;
    return [
      `Live: ${formatSize(total("size"))} in ${kindsOrBlocks(this.#totalKinds("count"), total("count"))}. ` +
        `Allocated since the start: ${formatSize(total("allocatedSize"))} in ${kindsOrBlocks(this.#totalKinds("allocatedCount"), total("allocatedCount"))}.`,
      "",
      `## The ${pluralOf(by)} that hold the most memory`,
      "",
      ...markdownTable(
        ["#", "what", "function", "live", "blocks", "allocated", "blocks allocated"],
        rows,
        LEFT,
      ),
      ...(rest > 0 ? ["", `Not shown: ${blocks(rest)} more.`] : []),
      "",
    ];
  }

  #totalKinds(figure: "count" | "allocatedCount"): KindCount[] | null {
    return this.#view.domain === undefined ? totalKinds(this.#snapshot, figure) : null;
  }

  /** A name without the folder that most names would begin with. */
  #short(name: string): string {
    const { directory } = this.#local;
    return directory !== "" && name.startsWith(`${directory}/`) ? name.slice(directory.length + 1) : name;
  }

  #names(one: Pick<StatisticDiff, "key" | "traceback">): [what: string, functionName: string] {
    const { by } = this.#view;
    const frame = one.traceback.at(-1);
    const key = by === "traceback" && frame !== undefined ? String(frame) : entryKey(one, by);
    const name = by === "lineno" || by === "traceback" ? (frame?.functionName ?? "") : "";
    return [codeSpan(this.#short(key)), name === "" ? "" : codeSpan(name)];
  }

  #suspects(): string[] {
    const { by, limit } = this.#view;
    if (by === "type" || by === "process") return [];
    const all = this.#snapshot.statistics(by);
    const found = keepsAll(
      all,
      all.reduce((sum, { size }) => sum + size, 0),
    );
    const rows = found.slice(0, limit).map((one) => {
      const kept = `${blocks(one.count)} of ${blocks(one.allocatedCount)}`;
      return [...this.#names(one), formatSize(one.size), kept];
    });
    const table = markdownTable(["what", "function", "live", "blocks kept"], rows, LEFT);
    return suspectSection(KEEPS_ALL_RULE, table, rows.length, found.length);
  }

  #growth(older: Snapshot): string[] {
    const { by, cumulative, limit } = this.#view;
    const all = this.#snapshot.compareTo(older, by, cumulative);
    const changed = all.filter(({ sizeDiff, countDiff }) => sizeDiff !== 0 || countDiff !== 0);
    const kindsAt = kindsBetween(this.#snapshot, older, this.#view);
    const growth = (one: StatisticDiff): string => {
      const kinds = kindsAt(one);
      return kinds === null ? signedCount(one.countDiff) : kindsGrowth(kinds);
    };
    const row = (one: StatisticDiff): string[] => [
      ...this.#names(one),
      formatSize(one.size),
      formatSize(one.sizeDiff, { sign: true }),
      growth(one),
    ];
    const headings = ["what", "function", "live", "growth", "blocks"];
    const found = grewAndKept(changed).sort((a, b) => b.sizeDiff - a.sizeDiff);
    const total = this.#snapshot.compareTo(older, "type").reduce((sum, { sizeDiff }) => sum + sizeDiff, 0);
    const kinds = this.#view.domain === undefined ? totalKindsBetween(this.#snapshot, older) : null;
    const totalGrowth = kinds === null ? "" : `, ${kindsGrowth(kinds) || "no block more or less"}`;
    return [
      "## Growth since the old snapshot",
      "",
      `In all: ${formatSize(total, { sign: true })}${totalGrowth}.`,
      "",
      ...(changed.length > 0
        ? markdownTable(headings, changed.slice(0, limit).map(row), LEFT)
        : ["Nothing changed."]),
      "",
      ...suspectSection(
        GREW_AND_KEPT_RULE,
        markdownTable(headings, found.slice(0, limit).map(row), LEFT),
        limit,
        found.length,
      ),
    ];
  }

  /** Who holds the lines' objects, where `run --why` has found out. */
  #paths(): string[] {
    const { by, cumulative, limit } = this.#view;
    const kept = by === "lineno" && !cumulative ? keptPaths(this.#snapshot) : null;
    if (kept === null || kept.lines.length === 0) return [];
    // What was filtered out stays out.
    const shown = new Set(this.#snapshot.statistics(by).map(({ key }) => key));
    const lines = kept.lines
      .filter(({ filename, lineno }) => shown.has(`${filename}:${lineno}`))
      .slice(0, limit);
    const text = lines.flatMap((line) => [
      `${codeSpan(this.#short(`${line.filename}:${line.lineno}`))}: ${blocks(line.count)} ${line.count === 1 ? "object retains" : "objects retain"} ${formatSize(line.retainedSize)}`,
      "",
      ...codeBlock(
        formatLine(line, 1)
          .slice(1)
          .map((one) => one.slice(4)),
        "",
      ),
      "",
    ]);
    return ["## Why it is alive", "", ...codeBlock(formatTotals(kept)), "", ...text];
  }

  #details(): string[] {
    const { by, cumulative, limit } = this.#view;
    if (by !== "lineno" || cumulative) return [];
    const top = this.#snapshot.statistics(by).filter(({ size }) => size > 0);
    const details = top.slice(0, Math.min(DETAILED, limit)).flatMap(({ traceback }) => {
      const frame = traceback.at(-1)!;
      const source = this.#local.sourceLine(frame.filename, frame.lineno).slice(0, 200);
      const path = largestPath(this.#snapshot, frame);
      const callers = path.slice(-CALLERS - 1, -1).map(({ filename, lineno, functionName }) => {
        return functionName === ""
          ? `${this.#short(filename)}:${lineno}`
          : `${functionName} (${this.#short(filename)}:${lineno})`;
      });
      if (source === "" && callers.length === 0) return [];
      return [
        `${codeSpan(this.#short(String(frame)))}${callers.length > 0 ? `, mostly called by ${callers.reverse().map(codeSpan).join(" ← ")}` : ""}`,
        "",
        ...(source === "" ? [] : [...codeBlock([source], "js"), ""]),
      ];
    });
    return details.length === 0 ? [] : ["## Source and callers", "", ...details];
  }
}

function suspectSection(rule: string, table: readonly string[], shown: number, all: number): string[] {
  const rest = all - shown;
  return [
    "## Suspects",
    "",
    `Rule: ${rule}. A cache that is meant to fill looks the same.`,
    "",
    ...(all === 0 ? ["None."] : table),
    ...(rest > 0 ? ["", `Not shown: ${blocks(rest)} more.`] : []),
    "",
  ];
}
