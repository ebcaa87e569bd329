import { jsonText } from "../report/json_text.ts";
import { terminalTop } from "../report/terminal_top.ts";
import { topReport } from "../report/top.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines } from "./output.ts";
import { withProgress } from "./progress.ts";
import { terminalOptions } from "./terminal_options.ts";
import { VIEW_FLAGS, viewOptions } from "./view_flags.ts";

/** `tracemalloc top FILE`: the lines that hold the most memory. */
export function top(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "top",
      description: "Shows the lines that hold the most memory",
      usage: "[options] FILE",
      examples: ["tracemalloc top app.pb.gz", "tracemalloc top --by type --limit 20 app.pb.gz"],
      flags: VIEW_FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const view = viewOptions(flags);
  const [file] = operands;
  return withProgress(flags, (progress) => {
    const snapshot = openSnapshot(file, progress);
    progress.step("adding up");
    if (flags.json) writeLines(process.stdout, [jsonText({ file, ...topReport(snapshot, view) })]);
    else writeLines(process.stdout, terminalTop(snapshot, view, terminalOptions(process.stdout)));
    return 0;
  });
}
