import type { TerminalOptions } from "../report/terminal/terminal.ts";
import { terminalDiff } from "../report/terminal/terminal_diff.ts";
import { terminalGrowth } from "../report/terminal/terminal_growth.ts";
import { diffReport } from "../report/views/diff.ts";
import { growthReport, LEAST_GROWTH } from "../report/views/growth.ts";
import { notesOfAll, sharedNoteText } from "../report/views/notes.ts";
import { growthBetween, growthRemarks } from "../report/views/process_memory.ts";
import type { ViewOptions } from "../report/views/view.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { expectAtLeast, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeMessage } from "./output.ts";
import { withProgress } from "./progress.ts";
import { notesText, showView } from "./show_view.ts";
import { byteSize } from "./values.ts";
import { VIEW_FLAGS, viewOptions } from "./view_flags.ts";

const FLAGS = {
  ...VIEW_FLAGS,
  minGrowth: {
    type: byteSize("--min-growth"),
    default: LEAST_GROWTH,
    placeholder: "SIZE",
    description: "With three files or more: the least growth of what is listed (default: 1KiB)",
  },
} as const;

/** `tracemalloc diff OLD NEW`: what grew between two snapshots, or in every step of several. */
export function diff(argv: readonly string[]): Promise<number> {
  const { flags, operands: files } = parseCommand(
    {
      name: "diff",
      description:
        "Shows what grew between two snapshots, the largest difference first; of three or more, in the order " +
        "of time, also what grew in every step",
      usage: "[options] OLD [BETWEEN...] NEW",
      examples: [
        "tracemalloc diff before.pb.gz after.pb.gz",
        "tracemalloc diff monday.pb.gz tuesday.pb.gz wednesday.pb.gz",
      ],
      flags: FLAGS,
    },
    argv,
  );
  expectAtLeast(files, ["OLD", "NEW"]);
  const view = viewOptions(flags);
  return withProgress(flags, (progress) => {
    const snapshots = files.map((file) => openSnapshot(file, progress));
    const named = snapshots.map((snapshot, index) => ({ name: files[index], snapshot }));
    const growth = growthBetween(snapshots[0], snapshots.at(-1)!);
    const notes = [...notesOfAll(named).map(sharedNoteText), ...growthRemarks(growth)];
    progress.step("comparing");
    warnOfDisorder(files, snapshots);
    showView(flags.json, {
      report: () => ({ ...reportOf(files, snapshots, view, flags.minGrowth), notes }),
      text: (options) => [
        ...textOf(snapshots, { ...view, leastGrowth: flags.minGrowth }, options),
        ...notesText(notes),
      ],
    });
    return 0;
  });
}

function reportOf(
  files: readonly string[],
  snapshots: readonly Snapshot[],
  view: ViewOptions,
  leastGrowth: number,
): object {
  const differences = diffReport(snapshots.at(-1)!, snapshots[0], view);
  const report = { old: files[0], new: files.at(-1), ...differences };
  return files.length === 2
    ? report
    : { ...report, files, growth: growthReport(snapshots, view, leastGrowth) };
}

function textOf(
  snapshots: readonly Snapshot[],
  view: ViewOptions & { readonly leastGrowth: number },
  options: TerminalOptions,
): string[] {
  const differences = terminalDiff(snapshots.at(-1)!, snapshots[0], view, options);
  return snapshots.length === 2
    ? differences
    : [...terminalGrowth(snapshots, view, options), "", ...differences];
}

/** A series in the wrong order finds nothing, or the wrong things. Two files may well be compared backwards. */
function warnOfDisorder(files: readonly string[], snapshots: readonly Snapshot[]): void {
  if (files.length === 2) return;
  const times = snapshots.map(({ metadata: { time } }) =>
    typeof time === "string" ? Date.parse(time) : Number.NaN,
  );
  const index = times.findIndex((time, at) => at > 0 && time < times[at - 1]);
  if (index > 0)
    writeMessage(`note: ${files[index]} was taken before ${files[index - 1]}, which stands before it`);
}
