import { terminalShortLived } from "../report/terminal/terminal_short_lived.ts";
import { terminalTop } from "../report/terminal/terminal_top.ts";
import { terminalWhy } from "../report/terminal/terminal_why.ts";
import { atPeak } from "../report/views/at_peak.ts";
import { keptPaths } from "../report/views/kept_paths.ts";
import { domainNotes, notesOf } from "../report/views/notes.ts";
import { hasNextToNothing, runSummary } from "../report/views/run_summary.ts";
import { shortLivedReport } from "../report/views/short_lived.ts";
import { topReport } from "../report/views/top.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { InputError, UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { withProgress } from "./progress.ts";
import { notesText, showView } from "./show_view.ts";
import { VIEW_FLAGS, viewOptions } from "./view_flags.ts";

const FLAGS = {
  ...VIEW_FLAGS,
  "short-lived": {
    type: Boolean,
    default: false,
    description: "Order by what was allocated and has died again, instead of what is alive",
  },
  why: {
    type: Boolean,
    default: false,
    description: "Show who holds the objects of the top lines, too: what run --why has kept",
  },
  peak: {
    type: Boolean,
    default: false,
    description: "Show what was alive when most was, instead of what was alive in the end",
  },
} as const;

/** `tracemalloc top FILE`: the lines that hold the most memory, or of which the most has died. */
export function top(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "top",
      description: "Shows the lines that hold the most memory",
      usage: "[options] FILE",
      examples: ["tracemalloc top app.pb.gz", "tracemalloc top --by type --limit 20 app.pb.gz"],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const view = viewOptions(flags);
  if (flags.peak && flags["short-lived"]) throw new UsageError("--peak and --short-lived exclude each other");
  if (flags.why && (view.by !== "lineno" || flags["short-lived"] || flags.peak))
    throw new UsageError(
      "--why tells of lines that are alive: it goes with none of --by, --short-lived and --peak",
    );
  const [file] = operands;
  return withProgress(flags, (progress) => {
    const opened = openSnapshot(file, progress);
    const snapshot = flags.peak ? atPeak(opened) : opened;
    if (snapshot === null) throw new InputError(`${file} does not tell what was alive at the peak`);
    const kept = flags.why ? keptPaths(snapshot) : null;
    if (flags.why && kept === null)
      throw new InputError(
        `${file} does not tell who holds what: take it with run --why, or use tracemalloc why`,
      );
    progress.step("adding up");
    const isPlain = !flags.peak && !flags["short-lived"];
    const notes = [
      ...notesOf(snapshot),
      ...domainNotes(snapshot, view.domain),
      ...(isPlain ? nothingLeft(snapshot) : []),
    ];
    const [report, text] = flags["short-lived"]
      ? [shortLivedReport, terminalShortLived]
      : [topReport, terminalTop];
    showView(flags.json, {
      report: () => ({ file, ...report(snapshot, view), notes, ...(kept !== null && { why: kept }) }),
      text: (options) => [
        ...text(snapshot, view, options),
        ...notesText(notes),
        ...(kept === null ? [] : ["", ...terminalWhy({ ...kept, lines: kept.lines.slice(0, view.limit) })]),
      ],
    });
    return 0;
  });
}

/** Where the lines that are listed say nothing of what the program was busy with. */
function nothingLeft(snapshot: Snapshot): string[] {
  if (snapshot.metadata.at === "peak" || !hasNextToNothing(runSummary(snapshot))) return [];
  return ["next to nothing is alive; top --peak shows the lines that held most at the peak"];
}
