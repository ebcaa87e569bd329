import { resolve } from "node:path";
import { mergeSnapshots } from "../snapshot/merge/merge_snapshots.ts";
import { InputError, UsageError } from "./cli_error.ts";
import { expectAtLeast, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeMessage } from "./output.ts";
import { withProgress } from "./progress.ts";
import { text } from "./values.ts";
import { SELECTION_FLAGS } from "./view_flags.ts";
import { writeOutput } from "./write_output.ts";

const FLAGS = {
  output: {
    type: text("--output", "a file name"),
    alias: "o",
    placeholder: "FILE",
    description: "Where to write the merged snapshot",
  },
  samePid: {
    type: Boolean,
    default: false,
    description: "Equal process ids are of different processes (containers): number them apart",
  },
  quiet: SELECTION_FLAGS.quiet,
} as const;

/** `tracemalloc merge FILE… -o FILE`: the snapshots of several processes and workers as one. */
export async function merge(argv: readonly string[]): Promise<number> {
  const { flags, operands: files } = parseCommand(
    {
      name: "merge",
      description: "Puts the snapshots of several processes and workers together as one",
      usage: "[options] FILE... -o FILE",
      examples: ["tracemalloc merge app.*.pb.gz -o all.pb.gz", "tracemalloc top --by process all.pb.gz"],
      flags: FLAGS,
    },
    argv,
  );
  expectAtLeast(files, ["FILE", "a second FILE"]);
  const { output, samePid, quiet } = flags;
  if (output === undefined) throw new UsageError("--output is missing: where to write the merged snapshot");
  if (files.some((file) => resolve(file) === resolve(output))) {
    throw new UsageError(`--output ${output} is one of the files to merge`);
  }
  const notes = await withProgress({ quiet }, (progress) => {
    const parts = files.map((name) => ({ name, snapshot: openSnapshot(name, progress) }));
    progress.step("merging");
    const merged = inputErrors(() => mergeSnapshots(parts, { samePid }));
    progress.step(`writing ${output}`);
    writeOutput(
      output,
      inputErrors(() => merged.snapshot.toBytes()),
    );
    return merged.notes;
  });
  for (const note of notes) writeMessage(`note: ${note}`);
  return 0;
}

/** What cannot be merged is the input's fault. */
function inputErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = / are both of /.test(error.message)
      ? " (--same-pid if they are of different processes)"
      : "";
    throw new InputError(`${error.message}${hint}`);
  }
}
