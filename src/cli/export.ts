import { workingFolder } from "../host/working_folder.ts";
import { type ExportFormat, FORMATS } from "../report/export/formats.ts";
import type { ExportOptions } from "../report/export/options.ts";
import { MEASURES, type Measure } from "../report/views/measure.ts";
import { GROUPINGS } from "../report/views/view.ts";
import { sourceLine } from "../snapshot/model/source_lines.ts";
import { UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { withProgress } from "./progress.ts";
import { grouping, oneOf, text, wholeNumber } from "./values.ts";
import { SELECTION_FLAGS, viewOptions } from "./view_flags.ts";
import { writeChunks } from "./write_output.ts";

const NAMES = Object.keys(FORMATS) as ExportFormat[];

const FLAGS = {
  format: {
    type: oneOf("--format", NAMES),
    alias: "f",
    placeholder: "FORMAT",
    description: NAMES.join(", "),
  },
  output: {
    type: text("--output", "a file name"),
    alias: "o",
    placeholder: "FILE",
    description: "Where to write it (default: standard output)",
  },
  against: {
    type: text("--against", "a snapshot file"),
    placeholder: "OLD",
    description: "markdown: an older snapshot, to tell what grew",
  },
  measure: {
    type: oneOf("--measure", Object.keys(MEASURES) as Measure[]),
    placeholder: "FIGURE",
    description: `heapprofile, collapsed: ${Object.keys(MEASURES).join(", ")} (default: size)`,
  },
  by: {
    type: grouping("--by"),
    placeholder: "KEY",
    description: `csv, markdown: what a row stands for: ${GROUPINGS.join(", ")} (default: lineno)`,
  },
  cumulative: {
    type: Boolean,
    default: false,
    description: "csv, markdown: charge every frame of a traceback",
  },
  limit: {
    type: wholeNumber("--limit", 1, 2 ** 24),
    placeholder: "N",
    description: "csv, markdown: how many rows (default: all, 10)",
  },
  source: { type: Boolean, default: true, description: "markdown: with source lines; --no-source without" },
  ...SELECTION_FLAGS,
} as const;

/** The flags that only some formats take. */
const ONLY_FOR: Readonly<Record<string, readonly ExportFormat[]>> = {
  against: ["markdown"],
  measure: ["heapprofile", "collapsed"],
  by: ["csv", "markdown"],
  cumulative: ["csv", "markdown"],
  limit: ["csv", "markdown"],
};

/** `tracemalloc export FILE --format FORMAT`: a snapshot in other tools' formats. */
export function exportSnapshot(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "export",
      description: "Writes a snapshot in other tools' formats; pprof is the snapshot file itself",
      usage: "[options] FILE --format FORMAT",
      examples: [
        "tracemalloc export app.pb.gz --format heapprofile -o app.heapprofile",
        "tracemalloc export app.pb.gz --format markdown --against before.pb.gz",
      ],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const [file] = operands;
  const { format, output, against, quiet } = flags;
  if (format === undefined) throw new UsageError(`--format is missing: ${NAMES.join(", ")}`);
  const options = exportOptions(flags, format);
  return withProgress({ quiet }, async (progress) => {
    const older = against === undefined ? undefined : openSnapshot(against, progress);
    const snapshot = openSnapshot(file, progress);
    progress.step(`writing ${format}`);
    await writeChunks(output, FORMATS[format](snapshot, { ...options, older }));
    return 0;
  });
}

function exportOptions(
  flags: { [Name in keyof Omit<ExportOptions, "sourceLine" | "older">]: ExportOptions[Name] | undefined } & {
    readonly source: boolean;
    readonly against?: unknown;
  },
  format: ExportFormat,
): ExportOptions {
  for (const [flag, formats] of Object.entries(ONLY_FOR)) {
    const value = flags[flag as keyof typeof flags];
    if (value !== undefined && value !== false && !formats.includes(format)) {
      throw new UsageError(`--${flag} is for --format ${formats.join(" and ")}, not for ${format}`);
    }
  }
  const {
    measure = "size",
    by = "lineno",
    cumulative = false,
    limit,
    include = [],
    exclude = [],
    domain,
  } = flags;
  viewOptions({ by, cumulative, limit: limit ?? 0, include, exclude });
  const lines = flags.source ? { sourceLine } : {};
  return {
    measure,
    by,
    cumulative,
    limit,
    include,
    exclude,
    domain,
    directory: workingFolder() ?? "",
    ...lines,
  };
}
