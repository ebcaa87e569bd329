import picocolors from "picocolors";
import { workingFolder } from "../host/working_folder.ts";
import type { TerminalOptions } from "../report/terminal/terminal.ts";
import { sourceLine } from "../snapshot/model/source_lines.ts";
import { colored, type OutputStream } from "./output.ts";

/** How reports are to be drawn on a stream: lines are cut to the width of a terminal, and never elsewhere. */
export function terminalOptions(stream: OutputStream): TerminalOptions {
  const columns = stream.isTTY === true ? Math.max(20, stream.columns || 80) : Number.POSITIVE_INFINITY;
  return {
    columns,
    colors: picocolors.createColors(colored(stream)),
    directory: workingFolder() ?? "",
    sourceLine,
  };
}
