import { relative } from "node:path";
import { workingFolder } from "../host/working_folder.ts";
import { terminalTop } from "../report/terminal/terminal_top.ts";
import { processText, tracedText } from "../report/text/process_text.ts";
import { atPeak } from "../report/views/at_peak.ts";
import { notesOf } from "../report/views/notes.ts";
import { processReport } from "../report/views/process_memory.ts";
import { hasNextToNothing, runSummary, runSummaryText } from "../report/views/run_summary.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import type { ChildEnd } from "./child.ts";
import { systemReason } from "./cli_error.ts";
import {
  type DumpFile,
  deliver,
  type RunDumps,
  removeTemporary,
  removeUnfinished,
  withPid,
  written,
  writtenByCommand,
} from "./dump_file.ts";
import { addPaths } from "./held_paths.ts";
import { mergeDumps } from "./merge_dumps.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { writeLines, writeMessage } from "./output.ts";
import { terminalOptions } from "./terminal_options.ts";

/** Which files were to be instrumented, and where V8's heap is if it was asked for. */
export interface Chosen extends Record<"include" | "exclude", readonly string[]> {
  readonly heapFile: string | null;
  /** What was started, if it is no script: any process that it leads to may have written. */
  readonly command: string | null;
}

/** Shows what was written; whatever goes wrong here is a warning, the program's own exit code stands. */
export function summarize(file: DumpFile, end: ChildEnd, { run, ...chosen }: Chosen & { run: string }): void {
  try {
    removeUnfinished(file, end.pid);
    const { command } = chosen;
    const dumps = (command === null ? written : writtenByCommand)(file, { pid: end.pid, run });
    const { main, others, opened } = dumps;
    if (main === undefined && (command === null || others.length === 0)) {
      const how = end.signal === null ? `ended with code ${end.code}` : `was killed by ${end.signal}`;
      const path = shown(file.special ?? withPid(file.template, String(end.pid)));
      writeMessage(
        command === null
          ? `no snapshot: the program ${how} and did not write ${path}`
          : `no snapshot: ${command} ${how}, and no process of Node, Deno or Bun that it has started wrote one; ` +
              "what sudo, docker, ssh or env -i start is not traced: they drop NODE_OPTIONS and BUN_OPTIONS",
      );
    }
    if (others.length > 0) showMerged(file, dumps, chosen);
    else if (main !== undefined) {
      const snapshot = opened.get(main) ?? openSnapshot(main);
      const paths = addPaths(snapshot, chosen.heapFile, snapshot);
      if (paths !== null) snapshot.dump(main);
      announce(file, main, "snapshot");
      show(snapshot, chosen);
      if (paths !== null) writeLines(process.stderr, paths);
    }
  } catch (error) {
    writeMessage(`the snapshot cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    removeTemporary(file);
  }
}

/** Says where the snapshot is now, in so many words; what becomes of a pipe does not keep the summary from being shown. */
function announce(file: DumpFile, path: string, what: string): void {
  try {
    deliver(file, path);
    writeMessage(`${what} written to ${shown(file.special ?? path)}`);
  } catch (error) {
    const reason = systemReason(error) ?? (error instanceof Error ? error.message : String(error));
    writeMessage(`the snapshot was not written: ${shown(file.special ?? path)}: ${reason}`);
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
  announce(file, path, `snapshot of ${parts.length} processes and workers`);
  show(snapshot, chosen);
  if (file.special === null) {
    const [few, rest] = [parts.slice(0, 8).map(shown), Math.max(0, parts.length - 8)];
    writeMessage(`merged from ${few.join(", ")}${rest === 0 ? "" : `, and ${rest} more`}`);
  }
  for (const note of notes) writeMessage(`note: ${note}`);
  if (paths === null) return;
  writeMessage(
    "note: who holds what is told of the first process alone: workers and child processes write no heap",
  );
  writeLines(process.stderr, paths);
}

function show(snapshot: Snapshot, { include, exclude }: Chosen): void {
  const view = { by: "lineno", cumulative: false, limit: 10, include: [], exclude: [] } as const;
  const summary = runSummary(snapshot);
  const peak = hasNextToNothing(summary) ? atPeak(snapshot) : null;
  const lines = terminalTop(peak ?? snapshot, view, terminalOptions(process.stderr));
  if (peak !== null) {
    writeMessage("next to nothing is alive at the end; these lines held most at the peak (top --peak):");
  }
  writeLines(process.stderr, lines);
  if (summary.files !== 0) writeMessage(runSummaryText(summary));
  const whole = processReport(snapshot);
  if (whole !== null) {
    writeMessage(`process: ${processText(whole)}; ${tracedText(whole)}`);
    for (const remark of whole.remarks) writeMessage(remark);
  }
  const given = [
    ...include.map((glob) => `--include ${glob}`),
    ...exclude.map((glob) => `--exclude ${glob}`),
  ];
  if (summary.files === 0) {
    const why = given.length === 0 ? "" : `: ${given.join(" ")} leaves out whatever was loaded`;
    writeMessage(`nothing was instrumented${why}`);
  }
  const notes = notesOf({ metadata: { ...snapshot.metadata, files: null } });
  if (summary.files !== 0 && isOfPackagesAlone(snapshot)) notes.push(OF_PACKAGES_ALONE);
  for (const note of notes) writeMessage(`note: ${note}`);
}

const OF_PACKAGES_ALONE =
  "every line is of a package in node_modules; where a tool loads the project's files itself (Vitest, Jest, bundlers), " +
  "its plugin traces them: docs/testing.md, docs/bundlers.md";

/** Whether no line of the project's own has allocated anything. */
function isOfPackagesAlone({ columns: { frames } }: Snapshot): boolean {
  const names = frames.filenames.filter((name) => !name.startsWith("<"));
  return names.length > 0 && names.every((name) => /[\\/]node_modules[\\/]/.test(name));
}

function shown(path: string): string {
  const folder = workingFolder();
  const short = folder === null ? path : relative(folder, path);
  return short.startsWith("..") ? path : short;
}
