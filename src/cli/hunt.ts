import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryHeap } from "../heap/write_heap_snapshot.ts";
import { terminalHunt } from "../report/terminal/terminal_hunt.ts";
import { scriptStem } from "../vocabulary/dump_name.ts";
import { InputError, systemReason, UsageError } from "./cli_error.ts";
import { type Answers, type DriveOptions, noAnswers } from "./hunt/drive.ts";
import { type HuntCommand, huntCommand } from "./hunt/hunt_command.ts";
import { huntProgram } from "./hunt/hunt_program.ts";
import { reportOf, writePage } from "./hunt/hunt_report.ts";
import { numbered } from "./hunt/requests.ts";
import { callWork, isTaken, requestWork, signalWork, type Work } from "./hunt/work.ts";
import { writeMessage } from "./output.ts";
import { withProgress } from "./progress.ts";
import { showView } from "./show_view.ts";
import { refuseSourceFile } from "./write_output.ts";

/** Exit codes. */
const CODES = { "does not leak": 0, leaks: 1, "cannot tell": 2 } as const;

/** `tracemalloc hunt app.ts --url URL`: drives a program and says whether it leaks, where, and who holds it. */
export async function hunt(argv: readonly string[]): Promise<number> {
  try {
    return await huntFor(huntCommand(argv));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // 1 would say that it leaks.
    const internal = (): string =>
      `internal error: ${error instanceof Error ? error.message : String(error)}`;
    writeMessage(
      `hunt: ${error instanceof InputError ? error.message : (systemReason(error) ?? internal())}`,
    );
    return CODES["cannot tell"];
  }
}

async function huntFor(command: HuntCommand): Promise<number> {
  const { program, templates, json, showOutput } = command;
  const subject = program.kind === "script" ? program.script : program.subject;
  const folder = outputFolder(command.output ?? `tracemalloc-hunt-${scriptStem(basename(subject))}`);
  const page = command.report ?? join(folder, "report.html");
  refuseSourceFile(page, subject);
  const answers = noAnswers();
  const aborted = new AbortController();
  const driving: DriveOptions = { ...command, signal: aborted.signal };
  if (templates.length > 0 && (await isTaken(templates, driving)))
    throw new InputError(
      `something answers at ${new URL(numbered(templates[0], 0).url).origin} already: end it first, or give the program another port`,
    );
  const work = workFor(command, answers, driving);
  const undo = onInterrupt(() => aborted.abort());
  const hasNoHeap = program.kind === "script" && program.runtime === "bun";
  const heap = hasNoHeap ? null : temporaryHeap();
  const heapFile = heap?.file ?? null;
  try {
    // The line that tells progress is gone before anything is printed.
    const { runs, report } = await withProgress(command, async (progress) => {
      const more = { folder, work, answers, heapFile, interrupt: aborted.signal };
      const runs = await huntProgram({ ...command, ...more }, progress);
      const found = reportOf(runs, { command, answers, work, heapFile, progress });
      return { runs, report: { ...found, report: writePage(runs, found, page, progress) } };
    });
    if (!showOutput) sayLastWords(runs.lastWords);
    // Holds where nobody reads all of what follows, too.
    process.exitCode = CODES[report.verdict];
    showView(json, { report: () => report, text: (options) => terminalHunt(report, options) });
    return CODES[report.verdict];
  } finally {
    heap?.remove();
    undo();
  }
}

/** As `PassTaker` names snapshots. */
const OWN_FILE = /^(?:exact-)?round-(?:\d+|later)(?:-part-\d+)?\.pb\.gz$/;

function outputFolder(name: string): string {
  try {
    mkdirSync(name, { recursive: true });
    // Those of an earlier hunt would be taken for this one's.
    for (const file of readdirSync(name)) if (OWN_FILE.test(file)) rmSync(join(name, file), { force: true });
    return name;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot make the folder ${name}: ${reason}; --output names another`);
  }
}

function workFor(
  { templates, signal, concurrency }: HuntCommand,
  answers: Answers,
  driving: DriveOptions,
): Work {
  if (templates.length > 0) return requestWork(templates, answers, driving);
  return signal === undefined ? callWork(answers, concurrency) : signalWork(signal, answers);
}

/** The first Ctrl-C ends the hunt with what it has found, the second at once. */
function onInterrupt(interrupt: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  return () => {
    for (const signal of signals) process.off(signal, interrupt);
  };
}

function sayLastWords(lines: readonly string[]): void {
  if (lines.length === 0) return;
  writeMessage("the program said last:");
  for (const line of lines) writeMessage(`  ${line}`);
}
