// Browser compatible.
import type { HeapReportData } from "../../heap/heap_report.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import type { HuntMemory } from "../../vocabulary/hunt_messages.ts";
import { blocks } from "../text/units.ts";
import type { CommonHolders } from "./hunt_common.ts";
import {
  allocatedIn,
  type GrownLine,
  type GrownResource,
  grownLines,
  grownResources,
  letGoLater,
  type Rounds,
  regularRounds,
} from "./hunt_growth.ts";
import { grewInStep } from "./hunt_rule.ts";

/** One run of the program: what was alive before the first round and after each. */
export interface HuntRun extends Rounds {
  readonly memory: readonly HuntMemory[];
  /** Some time after the last regular round; null: nobody had to know. */
  readonly later: Snapshot | null;
}

/** What became of the requests. */
export interface HuntAnswers {
  readonly good: number;
  /** By what was wrong. */
  readonly bad: Readonly<Record<string, number>>;
  readonly retried: number;
}

/** What a hunt has found, before anybody judges. */
export interface HuntFindings {
  readonly runs: readonly HuntRun[];
  readonly answers: HuntAnswers;
  /** For one unit of work and several. */
  readonly words: readonly [string, string];
  /** Why the hunt ended early, in words; null: it did not. */
  readonly stopped: string | null;
}

export type HuntVerdict = "leaks" | "does not leak" | "cannot tell";

/** What is said of a program. */
export interface HuntJudgement {
  readonly verdict: HuntVerdict;
  /** In words; for `"cannot tell"`, why. */
  readonly reason: string;
  readonly lines: readonly GrownLine[];
  readonly resources: readonly GrownResource[];
  /** Lines that grew in every round and then let go of most of it by themselves. */
  readonly letGo: readonly GrownLine[];
  /** Lines that grew in every round until there were so many requests that they stopped, as a cache does when it is full. */
  readonly filled: readonly GrownLine[];
}

/** What `tracemalloc hunt --json` prints. */
export interface HuntReport extends HuntJudgement {
  readonly program: string;
  readonly runtime: string;
  readonly words: readonly [string, string];
  readonly warmUp: number;
  /** Of the run that tells most. */
  readonly rounds: readonly { readonly requests: number; readonly size: number; readonly rss: number }[];
  readonly answers: HuntAnswers;
  /** How the program was traced, run by run. */
  readonly sampling: readonly string[];
  /** Who holds what grew; null: it is not known. */
  readonly why: HeapReportData | null;
  /** What most of that has in common. */
  readonly common: CommonHolders | null;
  /** Why that is not known; null: it is, or nobody had to know. */
  readonly whyNot: string | null;
  readonly notes: readonly string[];
  readonly snapshots: readonly string[];
  readonly report: string | null;
}

/** Of so many requests one may fail: more, and what the program holds is not what it holds when all is well. */
const MOST_BAD = 0.1;
/** The least number of blocks that a request of a traced program allocates: a URL, a promise, an answer. */
const LEAST_ALLOCATED = 0.1;
/** So much more memory of the whole process in every round calls for an explanation. */
const UNEXPLAINED = { perRequest: 2048, inAll: 4 * 2 ** 20 };
/** So many rounds before anything is said of lines when a hunt ends early. */
const LEAST_ROUNDS = 3;

/**
 * Says whether a program leaks.
 *
 * A line leaks when it has grown in step with the requests in all rounds of a run, and has not let go of most of that some time later.
 */
export function judge({ runs, answers, words, stopped }: HuntFindings): HuntJudgement {
  const complete = runs.filter(({ requests }) => requests.length >= LEAST_ROUNDS);
  const found = linesOf(complete);
  const resources = complete.length === 0 ? [] : grownResources(complete.at(-1)!);
  const all = { ...found, resources };
  const cannotTell = (reason: string): HuntJudgement => ({ verdict: "cannot tell", reason, ...all });
  if (stopped !== null) return cannotTell(stopped);
  if (complete.length === 0) return cannotTell(`there were fewer than ${LEAST_ROUNDS} rounds`);
  const slowing = stillFilling(all, words);
  if (slowing !== null) return cannotTell(slowing);
  if (found.lines.length > 0 || resources.length > 0)
    return { verdict: "leaks", reason: leakText(all), ...all };
  const unexplained =
    badAnswers(answers, words) ?? nothingTraced(complete[0], words) ?? grewOtherwise(complete[0], words);
  if (unexplained !== null) return cannotTell(unexplained);
  return { verdict: "does not leak", reason: `no line held more after every round`, ...all };
}

/** Where there is a second run, it decides: it is exact about what the first was in doubt of. */
function linesOf(runs: readonly HuntRun[]): Pick<HuntJudgement, "lines" | "letGo" | "filled"> {
  const decisive = runs.at(-1);
  if (decisive === undefined) return { lines: [], letGo: [], filled: [] };
  const regular = regularRounds(decisive);
  const letGoOf = (grown: readonly GrownLine[]): ReadonlySet<GrownLine> =>
    decisive.later === null ? new Set() : letGoLater(grown, decisive.later, regular.requests.length);
  const grown = grownLines(decisive);
  const gone = letGoOf(grown);
  const lines = grown.filter((line) => !gone.has(line));
  // What has more objects comes before the tables that hold them.
  const isTable = (line: GrownLine): number => Number(line.objectsPerRequest === 0);
  lines.sort((a, b) => isTable(a) - isTable(b) || b.bytesPerRequest - a.bytesPerRequest);
  const before = regular.requests.length === decisive.requests.length ? [] : grownLines(regular);
  const goneBefore = letGoOf(before);
  const isGrown = (one: GrownLine): boolean =>
    grown.some(({ filename, lineno }) => filename === one.filename && lineno === one.lineno);
  return {
    lines,
    letGo: [
      ...grown.filter((line) => gone.has(line)),
      ...before.filter((line) => goneBefore.has(line) && !isGrown(line)),
    ],
    filled: before.filter((line) => !goneBefore.has(line) && !isGrown(line)),
  };
}

/** The lines of a run that grew and have not let go. */
export function heldLines(run: Omit<HuntRun, "memory">): readonly GrownLine[] {
  const { later } = run;
  const grown = grownLines(run);
  if (later === null) return grown;
  const gone = letGoLater(grown, later, regularRounds(run).requests.length);
  return grown.filter((line) => !gone.has(line));
}

/** Where all that grew did so by less and less: what it is that may be full soon. Null: something grew as a leak does, or nothing did. */
function stillFilling(
  { lines, resources }: Pick<HuntJudgement, "lines" | "resources">,
  words: HuntFindings["words"],
): string | null {
  // The tables that hold them grow by leaps, which tell nothing of it.
  const objects = lines.filter(({ objectsPerRequest }) => objectsPerRequest > 0);
  const all = [...objects, ...resources];
  if (all.length === 0 || !all.every(({ isSlowing }) => isSlowing)) return null;
  const [{ filename, lineno, counts }] = all;
  const entries = lines.find(({ entries }) => entries !== null)?.entries ?? null;
  const held = entries === null ? `${blocks(counts.at(-1)!)} blocks` : `${blocks(entries)} entries`;
  return `still filling (${held}, ${baseName(filename)}:${lineno}): it grew in every round, by less and less with each ${words[0]}, as a cache does; more ${words[1]} a round tell (--requests)`;
}

function baseName(filename: string): string {
  return filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
}

function leakText({ lines, resources }: Pick<HuntJudgement, "lines" | "resources">): string {
  const names = [...new Set(resources.map(({ name }) => name))];
  const listed = names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const what = [
    ...(lines.length > 0 ? [`${lines.length} ${lines.length === 1 ? "line" : "lines"} held more`] : []),
    ...(names.length > 0 ? [`there were more ${listed}`] : []),
  ];
  return `after every round, ${what.join(", and ")}`;
}

/** Says it where so many answers were bad that nothing follows from the good ones. */
export function badAnswers({ good, bad }: HuntAnswers, words: HuntFindings["words"]): string | null {
  const count = Object.values(bad).reduce((sum, one) => sum + one, 0);
  return count > MOST_BAD * (good + count) ? badText({ good, bad }, words) : null;
}

/** `12 of 1,400 requests failed (status 503: 12)`. */
export function badText(
  { good, bad }: Pick<HuntAnswers, "good" | "bad">,
  words: HuntFindings["words"],
): string {
  const kinds = Object.entries(bad).sort(([, a], [, b]) => b - a);
  const count = kinds.reduce((sum, [, one]) => sum + one, 0);
  const list = kinds.slice(0, 3).map(([kind, one]) => `${kind}: ${blocks(one)}`);
  return `${blocks(count)} of ${blocks(good + count)} ${words[1]} failed (${list.join(", ")}${kinds.length > 3 ? ", …" : ""})`;
}

function nothingTraced(run: HuntRun, words: HuntFindings["words"]): string | null {
  const requests = run.requests.reduce((sum, one) => sum + one, 0);
  const files = run.snapshots.at(-1)!.metadata.files;
  if (files === 0) return "nothing was instrumented: no file of the program's that was loaded is included";
  if (allocatedIn(run) >= LEAST_ALLOCATED * requests) return null;
  return `the traced lines have allocated next to nothing while there were ${blocks(requests)} ${words[1]}: another process or worker does the work, or --include and --exclude leave it out`;
}

/** Where the heap has grown in step with the requests, and no line has. */
function grewOtherwise({ memory, requests }: HuntRun, words: HuntFindings["words"]): string | null {
  if (memory.length !== requests.length + 1) return null;
  const sizes = memory.map(({ heapUsed, external, tracker }) => heapUsed + external - tracker);
  const growth = sizes.at(-1)! - sizes[0];
  const perRequest = growth / requests.reduce((sum, one) => sum + one, 0);
  // Whatever is no table: without counts there are no leaps.
  const counts = sizes.map((_, step) => step);
  if (growth < UNEXPLAINED.inAll || perRequest < UNEXPLAINED.perRequest) return null;
  if (!grewInStep({ sizes, counts, requests })) return null;
  return `the heap grew in every round, by ${formatSize(perRequest)} a ${words[0]}, and no traced line explains that: it is memory of files that are not instrumented, or of the runtime`;
}
