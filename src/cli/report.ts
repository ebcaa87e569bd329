import { basename, resolve } from "node:path";
import { pageAssets } from "../report/html/assets.ts";
import type { NamedSnapshot } from "../report/html/report_model.ts";
import { readSources } from "../report/html/sources.ts";
import { type WrittenReport, writeReport } from "../report/html/write_report.ts";
import { formatSize } from "../statistics/format_size.ts";
import { UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeMessage } from "./output.ts";
import { withProgress } from "./progress.ts";
import { text } from "./values.ts";
import { writeOutput } from "./write_output.ts";

/** `tracemalloc report FILE [OLD]`: one page that shows a snapshot, or what changed since an older one. */
export async function report(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "report",
      description: "Writes one HTML file that shows a snapshot, or what changed since an older one",
      usage: "[options] FILE [OLD]",
      examples: ["tracemalloc report app.pb.gz", "tracemalloc report late.pb.gz early.pb.gz -o leak.html"],
      flags: {
        output: {
          type: text("--output", "a file name"),
          alias: "o",
          placeholder: "FILE",
          description: "Where the page goes; default: FILE's name with .report.html, in this folder",
        },
        noSource: {
          type: Boolean,
          default: false,
          description: "Leave source text out, where code must not leave the house",
        },
        quiet: {
          type: Boolean,
          default: false,
          description: "No progress, and no line that says what was written",
        },
      },
    },
    argv,
  );
  expectOperands(operands, operands.length < 2 ? ["FILE"] : ["FILE", "OLD"]);
  const [file, oldFile] = operands;
  const output = flags.output ?? `${basename(file).replace(/(?<=.)(?:\.pb)?(?:\.gz)?$/, "")}.report.html`;
  if ([file, oldFile].some((one) => one !== undefined && resolve(one) === resolve(output))) {
    throw new UsageError(`--output is a snapshot itself: ${output}`);
  }
  const written = await withProgress({ quiet: flags.quiet }, (progress) => {
    const open = (name: string): NamedSnapshot => ({
      name: basename(name),
      snapshot: openSnapshot(name, progress),
    });
    const current = open(file);
    const old = oldFile === undefined ? undefined : open(oldFile);
    progress.step("building the report");
    return writeReport({ current, old, readSources: flags.noSource ? undefined : readSources }, pageAssets());
  });
  writeOutput(output, written.html);
  if (!flags.quiet) writeMessage(`report written to ${output} (${outcome(written)})`);
  return 0;
}

/** What is in the report; above all, whose text. */
function outcome({ html, model }: WrittenReport): string {
  const size = formatSize(html.length);
  const files = model.sources.length;
  if (files === 0) return `${size}, without source text`;
  return `${size}, with the source text of ${files} ${files === 1 ? "file" : "files"}; --no-source leaves it out`;
}
