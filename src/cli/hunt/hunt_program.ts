import { badAnswers, heldLines } from "../../report/views/hunt.ts";
import { doubtfulFiles, grownResources } from "../../report/views/hunt_growth.ts";
import { InputError } from "../cli_error.ts";
import { startOf } from "../program.ts";
import type { Progress } from "../progress.ts";
import { commandEnvironment } from "../runtimes.ts";
import { tracerVariables } from "../tracer_flags.ts";
import { type Answers, plainAnswers } from "./drive.ts";
import type { HuntCommand } from "./hunt_command.ts";
import { emptyPass, type Pass, runPass } from "./hunt_pass.ts";
import { HuntedProgram, ProgramEnded } from "./hunted_program.ts";
import type { Work } from "./work.ts";

/** What is hunted, and how. */
export interface HuntOptions extends HuntCommand {
  readonly work: Work;
  readonly answers: Answers;
  /** Where snapshots go. */
  readonly folder: string;
  /** Where V8's heap goes; null: the runtime has none. */
  readonly heapFile: string | null;
  /** Aborted by Ctrl-C. */
  readonly interrupt: AbortSignal;
}

/** What the runs of a program have brought. */
export interface HuntRuns {
  readonly passes: readonly Pass[];
  /** How each was sampled. */
  readonly sampling: readonly string[];
  /** Why it ended early; null: it did not. */
  readonly stopped: string | null;
  /** What the program has said last, where it has ended by itself. */
  readonly lastWords: readonly string[];
}

/**
 * Runs the program under the adaptive sampler and drives it. Where only exact figures tell whether lines grew, it runs again, and is exact about the
 * files of these alone: most of a program costs nothing then.
 */
export async function huntProgram(options: HuntOptions, progress: Progress): Promise<HuntRuns> {
  const first = emptyPass();
  const passes = [first];
  const sampling: string[] = [options.isExact ? "exact" : "adaptive"];
  const stopped = await attempt(
    first,
    options,
    { name: "round-", include: options.include, isExact: options.isExact },
    progress,
  );
  const ended = (how: Stopped | null): HuntRuns => ({
    ...{ passes, sampling },
    stopped: how?.reason ?? null,
    lastWords: how?.lastWords ?? [],
  });
  if (stopped !== null || options.isExact) return ended(stopped);
  const doubtful = doubtfulFiles(first);
  if (doubtful.length === 0) return ended(null);
  const second = emptyPass();
  passes.push(second);
  sampling.push("exact");
  const include = doubtful.map(literalGlob);
  return ended(await attempt(second, options, { name: "exact-round-", include, isExact: true }, progress));
}

/** A busy machine takes so long to load what answers, whatever the program itself may take. */
const LEAST_START_MS = 30_000;

interface Stopped {
  readonly reason: string;
  readonly lastWords: readonly string[];
}

async function attempt(
  pass: Pass,
  options: HuntOptions,
  { name, include, isExact }: { name: string; include: readonly string[]; isExact: boolean },
  progress: Progress,
): Promise<Stopped | null> {
  const { plan, work, folder, heapFile, interrupt } = options;
  const program = await HuntedProgram.start({
    ...startOf(options.program),
    env: environment(options, { include, isExact }),
    script: options.called,
    showOutput: options.showOutput,
  });
  const onAbort = (): void => void program.end();
  interrupt.addEventListener("abort", onAbort);
  let during = "the start";
  const onStep = (label: string): void => {
    during = label;
  };
  const checkWarmUp = (): void => {
    const reason = badAnswers(plainAnswers(options.answers), work.words);
    if (reason !== null) throw new InputError(reason);
  };
  // Where estimates leave doubts, the exact run decides about everything.
  const isGrown = (found: Pass): boolean =>
    (grownResources(found).length > 0 || heldLines(found).length > 0) && doubtfulFiles(found).length === 0;
  try {
    const again = isExact && !options.isExact;
    progress.step(again ? "starting again, to be exact about what may have grown" : "starting the program", {
      long: true,
    });
    await program.connected(Math.max(LEAST_START_MS, options.timeoutMs));
    await work.ready(program);
    await runPass(program, work, pass, {
      plan,
      folder,
      name,
      progress,
      onStep,
      isGrown,
      heapFile,
      checkWarmUp,
    });
    return null;
  } catch (error) {
    if (interrupt.aborted) return { reason: `interrupted in ${during}`, lastWords: [] };
    if (error instanceof ProgramEnded)
      return { reason: `${error.message} in ${during}`, lastWords: program.lastWords };
    if (error instanceof InputError) return { reason: error.message, lastWords: program.lastWords };
    throw error;
  } finally {
    interrupt.removeEventListener("abort", onAbort);
    await program.end();
  }
}

function environment(
  { program, nframe, exclude }: HuntOptions,
  { include, isExact }: { include: readonly string[]; isExact: boolean },
): NodeJS.ProcessEnv {
  const { TRACEMALLOC_OUT, TRACEMALLOC_WHY, TRACEMALLOC_LIVE, TRACEMALLOC_CHECKPOINT, ...inherited } =
    process.env;
  return {
    ...inherited,
    ...tracerVariables({ nframe, include, exclude, sampling: isExact ? "exact" : "adaptive", follow: true }),
    // The program's own, if it is to get one.
    TRACEMALLOC_SIGNAL: "0",
    ...(program.kind === "command" && commandEnvironment(process.env)),
  };
}

/** A glob that matches this file alone. */
function literalGlob(filename: string): string {
  return filename.replaceAll("\\", "/").replaceAll(/[\\!()*+?@[\]{},|]/g, "?");
}
