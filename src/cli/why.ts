import { statSync } from "node:fs";
import { runHeapJob } from "../heap/heap_job.ts";
import { HeapReport } from "../heap/heap_report.ts";
import { InputError, systemReason, UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { withProgress } from "./progress.ts";
import { showView } from "./show_view.ts";
import { text, type ValueParser } from "./values.ts";
import { SELECTION_FLAGS, VIEW_FLAGS } from "./view_flags.ts";

interface Line {
  readonly filename: string;
  readonly lineno: number;
}

const FLAGS = {
  line: {
    type: line("--line"),
    placeholder: "FILE:LINE",
    description: "Only this line, however little it holds; the end of the file's path will do",
  },
  since: {
    type: text("--since", "a file name"),
    placeholder: "OLD",
    description:
      "Lines in the order in which they have grown since this snapshot (default: by what they retain)",
  },
  limit: { ...VIEW_FLAGS.limit, description: "How many lines to show" },
  keys: {
    type: Boolean,
    default: false as const,
    description: "Show keys that are data (names of users, sessions, ...), which are left out otherwise",
  },
  json: VIEW_FLAGS.json,
  quiet: SELECTION_FLAGS.quiet,
} as const;

/** `tracemalloc why HEAP DUMP`: who holds the objects of the lines that hold most. */
export function why(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "why",
      description:
        "Shows who holds the objects of the lines that hold most: a heap snapshot of V8's, joined with the snapshot that was taken with it",
      usage: "[options] HEAP.heapsnapshot DUMP",
      examples: [
        "tracemalloc why app.heapsnapshot app.pb.gz",
        "tracemalloc why --line cache.ts:12 app.heapsnapshot app.pb.gz",
      ],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["HEAP.heapsnapshot", "DUMP"]);
  const [heapFile, dumpFile] = operands;
  return withProgress(flags, (progress) => {
    const dump = openSnapshot(dumpFile, progress);
    const since = flags.since === undefined ? undefined : openSnapshot(flags.since, progress);
    checkHeapFile(heapFile);
    progress.step(`reading ${heapFile}`, { long: true });
    const { limit, keys } = flags;
    const report = new HeapReport(
      runHeapJob({ heapFile, dump, since, limit, keys, lines: flags.line && [flags.line] }),
    );
    if (flags.line !== undefined && report.lines.length === 0)
      throw new InputError(
        `no object of ${flags.line.filename}:${flags.line.lineno} is alive in ${heapFile}`,
      );
    showView(flags.json, {
      report: () => ({ heap: heapFile, dump: dumpFile, ...report.toJSON() }),
      text: () => report.format(),
    });
    return 0;
  });
}

function checkHeapFile(filename: string): void {
  try {
    if (!statSync(filename).isFile()) throw new InputError(`cannot read ${filename}: it is no regular file`);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot read ${filename}: ${reason}`);
  }
}

/** A flag whose value is a file and a line. */
function line(flag: string): ValueParser<Line> {
  const allowed = "a file and a line, like cache.ts:12";
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const [, filename, lineno] = /^(.+):(\d+)$/s.exec(word) ?? [];
    if (filename !== undefined && Number.isSafeInteger(Number(lineno)))
      return { filename, lineno: Number(lineno) };
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}`);
  };
}
