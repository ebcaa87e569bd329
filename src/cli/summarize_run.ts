import { relative } from "node:path";
import { workingFolder } from "../host/working_folder.ts";
import { terminalTop } from "../report/terminal/terminal_top.ts";
import { atPeak } from "../report/views/at_peak.ts";
import { notesOf } from "../report/views/notes.ts";
import { hasNextToNothing, runSummary, runSummaryText } from "../report/views/run_summary.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import type { ChildEnd } from "./child.ts";
import { type DumpFile, isSpecial, type RunDumps, removeUnfinished, withPid, written } from "./dump_file.ts";
import { addPaths } from "./held_paths.ts";
import { mergeDumps } from "./merge_dumps.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines, writeMessage } from "./output.ts";
import { terminalOptions } from "./terminal_options.ts";

/** Which files were to be instrumented, and where V8's heap is if it was asked for. */
export interface Chosen extends Record<"include" | "exclude", readonly string[]> {
  readonly heapFile: string | null;
}

/** Shows what was written; whatever goes wrong here is a warning, the program's own exit code stands. */
export function summarize(file: DumpFile, end: ChildEnd, { run, ...chosen }: Chosen & { run: string }): void {
  try {
    removeUnfinished(file, end.pid);
    const dumps = written(file, { pid: end.pid, run });
    const { main, others, opened } = dumps;
    if (main === undefined && !isSpecial(file.template)) {
      const how = end.signal === null ? `ended with code ${end.code}` : `was killed by ${end.signal}`;
      const path = shown(withPid(file.template, String(end.pid)));
      writeMessage(`no snapshot: the program ${how} and did not write ${path}`);
    }
    if (others.length > 0) showMerged(file, dumps, chosen);
    else if (main !== undefined) {
      const snapshot = opened.get(main) ?? openSnapshot(main);
      const paths = addPaths(snapshot, chosen.heapFile, snapshot);
      if (paths !== null) snapshot.dump(main);
      show(snapshot, `snapshot written to ${shown(main)}`, chosen);
      if (paths !== null) writeLines(process.stderr, paths);
    }
  } catch (error) {
    writeMessage(`the snapshot cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function showMerged(file: DumpFile, dumps: RunDumps, chosen: Chosen): void {
  const { path, parts, snapshot, notes } = mergeDumps(file, dumps, (name, reason) =>
    writeMessage(`left out of the merged snapshot: ${shown(name)}: ${reason}`),
  );
  const { main, opened } = dumps;
  // Of the main process: its heap was asked for.
  const own = main === undefined ? undefined : (opened.get(main) ?? openSnapshot(main));
  const paths = own === undefined ? null : addPaths(own, chosen.heapFile, snapshot);
  if (paths !== null) snapshot.dump(path);
  show(snapshot, `snapshot of ${parts.length} processes and workers written to ${shown(path)}`, chosen);
  const [few, rest] = [parts.slice(0, 8).map(shown), Math.max(0, parts.length - 8)];
  writeMessage(`merged from ${few.join(", ")}${rest === 0 ? "" : `, and ${rest} more`}`);
  for (const note of notes) writeMessage(`note: ${note}`);
  if (paths !== null) writeLines(process.stderr, paths);
}

function show(snapshot: Snapshot, title: string, { include, exclude }: Chosen): void {
  const view = { by: "lineno", cumulative: false, limit: 10, include: [], exclude: [] } as const;
  const summary = runSummary(snapshot);
  const peak = hasNextToNothing(summary) ? atPeak(snapshot) : null;
  const lines = terminalTop(peak ?? snapshot, view, terminalOptions(process.stderr));
  writeMessage(title);
  if (peak !== null) {
    writeMessage("next to nothing is alive at the end; these lines held most at the peak (top --peak):");
  }
  writeLines(process.stderr, lines);
  if (summary.files !== 0) writeMessage(runSummaryText(summary));
  const given = [
    ...include.map((glob) => `--include ${glob}`),
    ...exclude.map((glob) => `--exclude ${glob}`),
  ];
  if (summary.files === 0) {
    const why = given.length === 0 ? "" : `: ${given.join(" ")} leaves out whatever was loaded`;
    writeMessage(`nothing was instrumented${why}`);
  }
  for (const note of notesOf({ metadata: { ...snapshot.metadata, files: null } }))
    writeMessage(`note: ${note}`);
}

function shown(path: string): string {
  const folder = workingFolder();
  const short = folder === null ? path : relative(folder, path);
  return short.startsWith("..") ? path : short;
}
