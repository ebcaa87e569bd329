import { randomUUID } from "node:crypto";
import { workingFolder } from "../host/working_folder.ts";
import { annotations, markdownCheck, terminalCheck } from "../report/terminal/check_text.ts";
import type { TerminalOptions } from "../report/terminal/terminal.ts";
import { type CheckReport, checkReport } from "../report/views/check.ts";
import { notesOfAll, sharedNoteText } from "../report/views/notes.ts";
import { GROUPINGS } from "../report/views/view.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { escapeText } from "../vocabulary/escape_text.ts";
import { UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeMessage } from "./output.ts";
import { withProgress } from "./progress.ts";
import { notesText, showView } from "./show_view.ts";
import { byteSize, grouping, growthLimit, text } from "./values.ts";
import { SELECTION_FLAGS, VIEW_FLAGS } from "./view_flags.ts";

const FLAGS = {
  against: {
    type: text("--against", "a snapshot file"),
    placeholder: "OLD",
    description: "The snapshot to compare with",
  },
  maxGrowth: {
    type: growthLimit("--max-growth"),
    placeholder: "LIMIT",
    description: "How much live memory may grow: 5%, 1MiB",
  },
  by: {
    type: grouping("--by"),
    placeholder: "KEY",
    description: `Check each of these too: ${GROUPINGS.join(", ")}`,
  },
  minSize: {
    type: byteSize("--min-size"),
    default: 1024,
    placeholder: "SIZE",
    description: "With --by: let pass what grew by less than this (default: 1KiB)",
  },
  limit: VIEW_FLAGS.limit,
  ...SELECTION_FLAGS,
  json: VIEW_FLAGS.json,
  markdown: { type: Boolean, default: false, description: "Print Markdown" },
} as const;

/** `tracemalloc check FILE --against OLD --max-growth 5%`: ends with 1 when memory grew by more. */
export function check(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "check",
      description:
        "Compares live memory with an older snapshot; ends with 1 when it grew by more than it may",
      usage: "[options] FILE --against OLD --max-growth LIMIT",
      examples: [
        "tracemalloc check app.pb.gz --against main.pb.gz --max-growth 5%",
        "tracemalloc check app.pb.gz --against main.pb.gz --max-growth 1MiB --by lineno",
      ],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const [file] = operands;
  const { against, maxGrowth, json, markdown } = flags;
  if (against === undefined) throw new UsageError("--against is missing: the snapshot to compare with");
  if (maxGrowth === undefined) throw new UsageError("--max-growth is missing: 5%, 1MiB");
  if (json && markdown) throw new UsageError("--json and --markdown exclude each other");
  return withProgress(flags, (progress) => {
    const older = openSnapshot(against, progress);
    const newer = openSnapshot(file, progress);
    progress.step("comparing");
    noteDifferences(newer, older);
    const report = checkReport(newer, older, { ...flags, maxGrowth, by: flags.by });
    const notes = notesOfAll([
      { name: against, snapshot: older },
      { name: file, snapshot: newer },
    ]);
    const code = report.ok ? 0 : 1;
    // Holds where nobody reads all of what follows, too.
    process.exitCode = code;
    showView(json, {
      report: () => ({ file, against, ...report, notes: notes.map(sharedNoteText) }),
      text: (options) =>
        markdown
          ? markdownCheck(report, notes)
          : [...plainCheck(report, options), ...notesText(notes.map(sharedNoteText))],
    });
    return code;
  });
}

function plainCheck(report: CheckReport, options: TerminalOptions): string[] {
  const lines = terminalCheck(report, options);
  if (process.env.GITHUB_ACTIONS !== "true") return lines;
  const directory = process.env.GITHUB_WORKSPACE ?? workingFolder() ?? "";
  // Names come from the program, and the runner obeys every line that begins like a command, but not between these two.
  const token = randomUUID();
  return [
    `::stop-commands::${token}`,
    ...lines,
    `::${token}::`,
    ...annotations(report, directory).map(escapeText),
  ];
}

/** What makes figures differ that is no growth. */
function noteDifferences(newer: Snapshot, older: Snapshot): void {
  for (const fact of ["sampling", "runtime", "at"] as const) {
    const [now, before] = [newer.metadata[fact], older.metadata[fact]];
    if (now === undefined || before === undefined || now === before) continue;
    writeMessage(`note: ${fact} differs (${before}, ${now}): figures may differ for that alone`);
  }
}
