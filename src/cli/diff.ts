import { diffReport } from "../report/diff.ts";
import { jsonText } from "../report/json_text.ts";
import { terminalDiff } from "../report/terminal_diff.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines } from "./output.ts";
import { terminalOptions } from "./terminal_options.ts";
import { VIEW_FLAGS, viewOptions } from "./view_flags.ts";

/** `tracemalloc diff OLD NEW`: what grew between two snapshots. */
export function diff(argv: readonly string[]): number {
  const { flags, operands } = parseCommand(
    {
      name: "diff",
      description: "Shows what grew between two snapshots, the largest difference first",
      usage: "[options] OLD NEW",
      examples: ["tracemalloc diff before.pb.gz after.pb.gz"],
      flags: VIEW_FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["OLD", "NEW"]);
  const view = viewOptions(flags);
  const [oldFile, newFile] = operands;
  const [older, newer] = [openSnapshot(oldFile), openSnapshot(newFile)];
  if (flags.json) {
    const report = { old: oldFile, new: newFile, ...diffReport(newer, older, view) };
    writeLines(process.stdout, [jsonText(report)]);
  } else {
    writeLines(process.stdout, terminalDiff(newer, older, view, terminalOptions(process.stdout)));
  }
  return 0;
}
