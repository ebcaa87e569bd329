import { jsonText } from "../report/json_text.ts";
import { statsReport } from "../report/stats.ts";
import { terminalStats } from "../report/terminal_stats.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines } from "./output.ts";
import { terminalOptions } from "./terminal_options.ts";

/** `tracemalloc stats FILE`: the figures of a whole snapshot. */
export function stats(argv: readonly string[]): number {
  const { flags, operands } = parseCommand(
    {
      name: "stats",
      description: "Shows totals, domains, types, block sizes and the largest allocators of a snapshot",
      usage: "[options] FILE",
      examples: ["tracemalloc stats app.pb.gz"],
      flags: { json: { type: Boolean, default: false, description: "Print JSON" } },
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const [file] = operands;
  const snapshot = openSnapshot(file);
  if (flags.json) writeLines(process.stdout, [jsonText({ file, ...statsReport(snapshot) })]);
  else writeLines(process.stdout, terminalStats(snapshot, terminalOptions(process.stdout)));
  return 0;
}
