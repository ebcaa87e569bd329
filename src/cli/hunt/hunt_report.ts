import { basename } from "node:path";
import picocolors from "picocolors";
import { runHeapJob } from "../../heap/heap_job.ts";
import type { HeapReportData } from "../../heap/heap_report.ts";
import { pageAssets } from "../../report/html/assets.ts";
import { readSources } from "../../report/html/sources.ts";
import { writeReport } from "../../report/html/write_report.ts";
import type { TerminalOptions } from "../../report/terminal/terminal.ts";
import { terminalHunt } from "../../report/terminal/terminal_hunt.ts";
import { blocks } from "../../report/text/units.ts";
import { type HuntJudgement, type HuntReport, judge } from "../../report/views/hunt.ts";
import { commonHolders } from "../../report/views/hunt_common.ts";
import { sourceLine } from "../../snapshot/model/source_lines.ts";
import type { Progress } from "../progress.ts";
import { writeOutput } from "../write_output.ts";
import { type Answers, plainAnswers } from "./drive.ts";
import type { HuntCommand } from "./hunt_command.ts";
import type { Pass } from "./hunt_pass.ts";
import type { HuntRuns } from "./hunt_program.ts";
import type { Work } from "./work.ts";

/** What a report is made of besides what the runs have brought. */
export interface ReportContext {
  readonly command: HuntCommand;
  readonly answers: Answers;
  readonly work: Work;
  /** V8's heap, if there was one to be had. */
  readonly heapFile: string | null;
  readonly progress: Progress;
}

/** Judges what was found, and finds out who holds what grew. */
export function reportOf(runs: HuntRuns, context: ReportContext): HuntReport {
  const { command, work, heapFile, progress } = context;
  const { program, plan } = command;
  const isScript = program.kind === "script";
  const answers = plainAnswers(context.answers);
  const judgement = judge({ runs: runs.passes, answers, words: work.words, stopped: runs.stopped });
  const pass = runs.passes.findLast(({ snapshots }) => snapshots.length > 0) ?? runs.passes[0];
  const runtime = runtimeOf(pass) ?? (isScript ? program.runtime : "");
  const { why, whyNot } = holders(judgement, pass, { heapFile, runtime, progress });
  return {
    ...judgement,
    program: isScript ? program.script : program.name,
    runtime,
    words: work.words,
    warmUp: plan.warmUp,
    rounds: pass.snapshots.map((snapshot, round) => ({
      requests: round === 0 ? plan.warmUp : pass.requests[round - 1],
      size: snapshot.statistics("filename").reduce((sum, { size }) => sum + size, 0),
      rss: pass.memory[round]?.rss ?? 0,
    })),
    answers,
    sampling: runs.sampling,
    why,
    common: commonHolders(judgement.lines, why),
    whyNot,
    notes: [...processNotes(pass, why), ...timerNotes(why), ...cacheNotes(judgement, pass, work.words)],
    snapshots: runs.passes.flatMap(({ files }) => files),
    report: null,
  };
}

/** What has run the program, as its snapshots say. */
function runtimeOf({ snapshots }: Pass): string | undefined {
  const { runtime } = snapshots.at(-1)?.metadata ?? {};
  return typeof runtime === "string" ? /^\w+/.exec(runtime)?.[0].toLowerCase() : undefined;
}

/** Who was looked at besides the first process. */
function processNotes({ others }: Pass, why: HeapReportData | null): string[] {
  if (others === 0) return [];
  const what = `${others} ${others === 1 ? "worker or child process is" : "workers and child processes are"} counted, too`;
  return [why === null ? what : `${what}; who holds what is told of the first process alone`];
}

/** What a timer holds may go when it has run: nobody else can tell whether it will. */
function timerNotes(why: HeapReportData | null): string[] {
  const held = (why?.lines ?? []).filter(({ paths }) => paths[0]?.root === TIMER_ONCE);
  if (held.length === 0) return [];
  const places = held.slice(0, 3).map(({ filename, lineno }) => `${basename(filename)}:${lineno}`);
  return [
    `timers hold what grew on ${places.join(", ")}${held.length > 3 ? ", …" : ""}: if they have yet to run, --wait SECONDS tells whether it goes then`,
  ];
}

/** However many requests there were: a cache that has room for more than came of them has not been full. */
function cacheNotes({ verdict, lines }: HuntJudgement, pass: Pass, words: Work["words"]): string[] {
  if (verdict !== "leaks" || lines.length === 0) return [];
  const { regular, requests, snapshots } = pass;
  if (regular === requests.length && snapshots.length > 0)
    return [
      `a cache that has room for more looks the same: the long rounds that tell were left out, as they would have taken more than 20 seconds, or 256 MiB of memory (--requests)`,
    ];
  return lines
    .filter(({ entries }) => entries !== null)
    .slice(0, 1)
    .map(
      ({ filename, lineno, entries }) =>
        `what ${basename(filename)}:${lineno} made has ${blocks(entries!)} entries, and more with each of the last ${words[1]}: a cache that has room for more looks the same (--requests)`,
    );
}

/** As a path's root says it of one that does not repeat. */
const TIMER_ONCE = "a timer";

/** Who holds the objects of what grew. */
function holders(
  { lines }: HuntJudgement,
  pass: Pass,
  {
    heapFile,
    runtime,
    progress,
  }: Pick<ReportContext, "heapFile" | "progress"> & { readonly runtime: string },
): { why: HeapReportData | null; whyNot: string | null } {
  if (lines.length === 0) return { why: null, whyNot: null };
  if (heapFile === null || runtime === "bun")
    return {
      why: null,
      whyNot: `${runtime} has no heap that shows it: --runtime node and --runtime deno do`,
    };
  if (pass.own === null || !pass.hasHeap)
    return { why: null, whyNot: pass.heapError ?? "the hunt ended before that" };
  progress.step("reading the heap", { long: true });
  const { columns, metadata } = pass.own;
  const wanted = lines.map(({ filename, lineno }) => ({ filename, lineno }));
  try {
    const job = { heapFile, dump: { columns, metadata }, lines: wanted, limit: wanted.length };
    return { why: runHeapJob(job), whyNot: null };
  } catch (error) {
    return { why: null, whyNot: error instanceof Error ? error.message : String(error) };
  }
}

/** Of text that a page shows. */
const PAGE_OPTIONS: TerminalOptions = {
  columns: Number.POSITIVE_INFINITY,
  colors: picocolors.createColors(false),
  directory: "",
  sourceLine,
};

/** Writes a page that shows what has changed from the first round to the last, and who holds it; gives its name, null where there is nothing to show. */
export function writePage(
  { passes }: HuntRuns,
  found: HuntReport,
  file: string,
  progress: Progress,
): string | null {
  const pass = passes.find(({ later }) => later !== null) ?? passes[0];
  const last = pass.later ?? pass.snapshots.at(-1);
  if (last === undefined) return null;
  const isLast = pass.regular === null || pass.regular === pass.requests.length;
  progress.step("building the report", { long: true });
  if (found.why !== null) last.metadata.why = found.why;
  const old =
    pass.snapshots[0] === last ? undefined : { name: "before the first round", snapshot: pass.snapshots[0] };
  const page = writeReport(
    {
      // What showed whether it stops came after who holds it was asked.
      current: { name: isLast ? "after the last round" : "before the long rounds", snapshot: last },
      old,
      readSources,
      hunt: { verdict: found.verdict, text: terminalHunt(found, PAGE_OPTIONS) },
    },
    pageAssets(),
  );
  writeOutput(file, page.html);
  return file;
}
