import process from "node:process";
import { isTracing, type StartOptions, start, stop } from "../../mod.ts";
import { lookIfAsked } from "../../src/heap/look_if_asked.ts";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { threadNumber } from "../../src/host/thread.ts";
import type { Cache } from "../../src/instrument/cache/cache.ts";
import type { instrument as Instrument } from "../../src/instrument/instrument.ts";
import { createFileInstrumenter, type FileInstrumenter } from "../../src/instrument/instrument_file.ts";
import { createSelection, type Selection } from "../../src/instrument/selection.ts";
import { lookWhenCollected } from "../../src/recording/collect_garbage.ts";
import { expectNoCalls, garbageCollector, quietly } from "../../src/tracing.ts";
import { obeyAsWorker, setControl } from "../control/control.ts";
import { onGrowth, onRequestSignal } from "../control/on_request.ts";
import { dumpAtExit } from "../exit/exit_dump.ts";
import { follow } from "../follow/follow.ts";
import { followCoverage, isCoverageOfRunner } from "../loaders/v8_coverage.ts";
import { keepCompiledCode } from "./compiled_code.ts";
import { type Environment, EnvironmentError, readEnvironment } from "./environment.ts";
import { ifAllowed } from "./if_allowed.ts";
import { openPreloadCache } from "./open_cache.ts";
import { isPackageManager } from "./package_manager.ts";
import { warn } from "./warn.ts";

const REGISTERED: symbol = Symbol.for("tracemalloc.registered");

/** Says that the modules of this process are instrumented, so that `start()` need not warn. */
export function setRegistered(value: boolean): void {
  // Where no loop over the global object finds it.
  Object.defineProperty(globalThis, REGISTERED, { value, configurable: true, writable: true });
}

/** Puts a host's hooks in place; gives back what takes them away. */
export type Hook = (instrumentFile: FileInstrumenter, cache: Cache | null) => () => void;

/**
 * What every preload does: reads the environment, puts the hooks in place, and starts what was asked for.
 * A second call in the same process changes nothing.
 *
 * @param loadInstrument Gives the transform when the first file needs it.
 * @returns Takes everything back; modules that were loaded stay as they are.
 */
export function register(hook: Hook, loadInstrument: () => typeof Instrument | null): () => void {
  if ((globalThis as { [REGISTERED]?: boolean })[REGISTERED] === true) return () => {};
  const environment = environmentOrExit();
  if (environment.follow === "never") return () => {};
  if (environment.command && isPackageManager(process.argv[1])) return () => {};
  // One frame needs no calls, and in the sampled modes the engine's stacks are as good: 1.1 to 1.8 times the speed
  // (docs/performance.md). Whoever starts exact tracing later, from the program, may want more.
  const { nframe, sampling } = environment;
  const calls = nframe !== 1 && (sampling === null || sampling === "exact");
  if (!calls) expectNoCalls();
  const { instrumentFile, cache } = fileInstrumenter({ ...environment, calls }, loadInstrument);
  const undos = [hook(instrumentFile, cache)];
  setRegistered(true);
  undos.push(control(environment));
  undos.push(lookAtHeap());
  if (environment.nframe !== null && !isTracing()) {
    start(startOptions(environment));
    undos.push(stop);
  }
  const none = (): void => {};
  const { out } = environment;
  if (out !== null) undos.push(ifAllowed("no snapshot at exit", () => dumpAtExit(out, environment), none));
  undos.push(ifAllowed("child processes are not traced", () => followers(environment), none));
  if (environment.live !== null && threadNumber() === 0) undos.push(serve(environment.live));
  if (environment.hunt !== null) undos.push(beHunted(environment.hunt));
  return () => {
    for (const undo of undos.reverse()) undo();
    setRegistered(false);
  };
}

/** What can be asked of the process while it lives. Signals are the main thread's, which tells its workers. */
function control(environment: Environment): () => void {
  const { nframe, sampling, out, snapshots, ...asked } = environment;
  setControl({
    out: snapshots ?? out,
    start: { ...(nframe !== null && { nframe }), ...(sampling !== null && { sampling }) },
  });
  if (threadNumber() !== 0) return canBeAsked(environment) ? obeyAsWorker() : () => {};
  const undos: (() => void)[] = [];
  if (asked.signal !== null) undos.push(onRequestSignal(asked.signal, { isNamed: asked.isSignalNamed }));
  if (asked.onGrowth !== null) undos.push(onGrowth(asked.onGrowth));
  return () => {
    for (const undo of undos) undo();
  };
}

/** Whether somebody may start or stop tracing, or have a snapshot written, while the process lives, and its workers are to do so, too. */
function canBeAsked({ signal, live, onGrowth, follow }: Environment): boolean {
  return follow === "all" && (signal !== null || live !== null || onGrowth !== null);
}

/** On Node, `collect()` looks at V8's heap for what others have made for the program's objects; what does so is loaded then. */
function lookAtHeap(): () => void {
  if (currentRuntime() !== "node") return () => {};
  lookWhenCollected(lookIfAsked);
  return () => lookWhenCollected(null);
}

/** The server is loaded only where it is wanted. Processes that this one starts have none: they would want the same port. */
function serve(live: NonNullable<Environment["live"]>): () => void {
  for (const name of ["TRACEMALLOC_LIVE", "TRACEMALLOC_LIVE_TOKEN"]) delete process.env[name];
  return whenLoaded("the live page is not served", async () => {
    const { serveLive } = await import("../http/live_server.ts");
    return () => serveLive(live);
  });
}

/** Workers and processes that this one starts are asked as well, but for calls of the script. */
function beHunted(hunt: NonNullable<Environment["hunt"]>): () => void {
  delete process.env.TRACEMALLOC_HUNT_SCRIPT;
  return whenLoaded("hunt gets no answer", async () => {
    const { answerHunt } = await import("../hunt/hunted.ts");
    return () => answerHunt(hunt);
  });
}

/** Begins what is loaded first, unless it is taken back meanwhile. */
function whenLoaded(whatFails: string, load: () => Promise<() => () => void>): () => void {
  let isOver = false;
  let undo = (): void => {
    isOver = true;
  };
  load().then(
    (begin) => {
      if (!isOver) undo = begin();
    },
    (error: unknown) => warn(`tracemalloc: ${whatFails}: ${error}`),
  );
  return () => undo();
}

/** Programs that start tracing themselves do so in each of their processes; where somebody else starts it later, it is done in workers, too. */
function followers(environment: Environment): () => void {
  const { nframe, follow: wanted } = environment;
  if (nframe === null && !canBeAsked(environment)) return () => {};
  if (wanted === "here") {
    process.env.TRACEMALLOC_FOLLOW = "never";
    return () => {
      process.env.TRACEMALLOC_FOLLOW = "0";
    };
  }
  const isBun = currentRuntime() === "bun";
  const extension = import.meta.url.slice(-3);
  const preload = new URL(`../register_${isBun ? "bun" : "node"}${extension}`, import.meta.url).href;
  return follow(preload, { children: nframe !== null });
}

/** The step from a loaded file to the text to run, as `include` and `exclude` and this host want it. */
export function fileInstrumenter(
  { include, exclude, calls = true }: Pick<Environment, "include" | "exclude"> & { calls?: boolean },
  loadInstrument: () => typeof Instrument | null,
): { instrumentFile: FileInstrumenter; cache: Cache | null } {
  const cache = openPreloadCache();
  const selected = unlessRunnerCovers(createSelection({ include, exclude }));
  const coverage = currentRuntime() === "node" ? followCoverage() : null;
  const noteLoaded = cache === null || isCoverageOfRunner() ? () => {} : keepCompiledCode(calls);
  const instrumentFile = createFileInstrumenter({
    ...{ selected, wantsSourceMap, calls, cache, warn, onInstrumented: coverage?.onInstrumented ?? null },
    afterLarge: () => garbageCollector()?.(),
    loadInstrument,
  });
  // A program loads modules while it is traced, too.
  const instrumentQuietly: FileInstrumenter = (file) =>
    quietly(() => {
      noteLoaded(file.source.length);
      return instrumentFile(file);
    });
  return { instrumentFile: instrumentQuietly, cache };
}

function unlessRunnerCovers(selected: Selection): Selection {
  if (currentRuntime() !== "node" || !isCoverageOfRunner()) return selected;
  let hasWarned = false;
  return (name) => {
    if (!selected(name)) return false;
    if (!hasWarned)
      warn(
        `tracemalloc: not instrumented: ${name}, and all other files of this process: ` +
          "--experimental-test-coverage covers what the test runner loads itself (without isolation)",
      );
    hasWarned = true;
    return false;
  };
}

/** Bun reads no source map of a module that a plugin gives it; Deno always does; Node when told to. */
function wantsSourceMap(): boolean {
  const runtime = currentRuntime();
  return runtime === "deno" || (runtime === "node" && process.sourceMapsEnabled === true);
}

function startOptions({ nframe, sampling }: Environment): StartOptions {
  return { nframe: nframe!, ...(sampling === null ? {} : { sampling }) };
}

function environmentOrExit(): Environment {
  try {
    const read = (): Environment => readEnvironment(process.env);
    return ifAllowed("not tracing, since the environment cannot be read", read, readEnvironment({}));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    warn(`tracemalloc: ${error.message}`);
    process.exit(1);
  }
}
