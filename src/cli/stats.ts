import { jsonText } from "../report/json_text.ts";
import { statsReport } from "../report/stats.ts";
import { terminalStats } from "../report/terminal_stats.ts";
import { filtered } from "../report/view.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines } from "./output.ts";
import { withProgress } from "./progress.ts";
import { terminalOptions } from "./terminal_options.ts";
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
    const snapshot = filtered(openSnapshot(file, progress), flags);
    progress.step("adding up");
    if (flags.json) writeLines(process.stdout, [jsonText({ file, ...statsReport(snapshot) })]);
    else writeLines(process.stdout, terminalStats(snapshot, terminalOptions(process.stdout)));
    return 0;
  });
}
