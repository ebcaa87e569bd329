import { terminalProcess } from "../report/terminal/terminal_process.ts";
import { terminalStats } from "../report/terminal/terminal_stats.ts";
import { notesOf } from "../report/views/notes.ts";
import { processReport } from "../report/views/process_memory.ts";
import { statsReport } from "../report/views/stats.ts";
import { filtered } from "../report/views/view.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { withProgress } from "./progress.ts";
import { notesText, showView } from "./show_view.ts";
import { SELECTION_FLAGS, VIEW_FLAGS } from "./view_flags.ts";

/** `tracemalloc stats FILE`: the figures of a whole snapshot. */
export function stats(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "stats",
      description: "Shows totals, domains, types, block sizes and the largest allocators of a snapshot",
      usage: "[options] FILE",
      examples: ["tracemalloc stats app.pb.gz"],
      flags: { ...SELECTION_FLAGS, json: VIEW_FLAGS.json },
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const [file] = operands;
  return withProgress(flags, (progress) => {
    const opened = openSnapshot(file, progress);
    const snapshot = filtered(opened, flags);
    progress.step("adding up");
    const notes = notesOf(snapshot);
    const whole = processReport(opened);
    showView(flags.json, {
      report: () => ({ file, ...statsReport(snapshot), process: whole, notes }),
      text: (options) => [
        ...terminalStats(snapshot, options),
        ...terminalProcess(whole, options),
        ...(notes.length > 0 ? ["", ...notesText(notes)] : []),
      ],
    });
    return 0;
  });
}
