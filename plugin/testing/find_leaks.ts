// Browser compatible.
import {
  DomainFilter,
  Filter,
  type Snapshot,
  type StatisticDiff,
  type Traceback,
  takeSnapshot,
} from "../../mod.ts";
import { quietly, settleBlocks } from "../../src/tracing.ts";
import { literalPattern } from "../../src/vocabulary/literal_pattern.ts";
import { checkAnyInstrumented, firstCall, type Measured } from "./check_instrumented.ts";
import { exclusively } from "./exclusive.ts";
import { checkCount, checkFunction, checkShare } from "./options.ts";

/** Options of {@linkcode findLeaks}. */
export interface LeakOptions {
  /** Calls per batch, 10 or more. There are three batches, and three more of twice as many calls before anything is reported. Default 100. */
  readonly iterations?: number;
  /** The share of calls that may leave nothing behind while the line still counts as leaking: 0 to below 1. Default 0.1. */
  readonly tolerance?: number;
  /** Calls before the first batch: what is made once does not count. Default 10. */
  readonly warmup?: number;
  /** Which lines to look at, as for `snapshot.filterTraces`. Default: all. */
  readonly filters?: readonly (Filter | DomainFilter)[];
}

/** A line whose blocks become more with every call. */
export interface Leak {
  readonly filename: string;
  readonly lineno: number;
  /** Objects that each call leaves behind, on average. 0: none, or what was there before grows. */
  readonly objectsPerIteration: number;
  /** Timers that have yet to run. */
  readonly timersPerIteration: number;
  readonly listenersPerIteration: number;
  /** Async calls and generators that are suspended. */
  readonly callsPerIteration: number;
  /** Bytes that each call leaves behind, on average. */
  readonly bytesPerIteration: number;
  /** What they are: `Object`, `Map`, `closure`, a class's name …. */
  readonly types: readonly string[];
  /** The call path that most of them were made by, oldest frame first. */
  readonly traceback: Traceback;
}

/** What is alive on a line. */
interface Level {
  count: number;
  size: number;
}

/** The snapshots between batches, and what was alive then: one more than there are batches. */
interface Pass {
  readonly iterations: number;
  readonly snapshots: Snapshot[];
  readonly levels: ReadonlyMap<string, Level>[];
}

const BATCHES = 3;
/** Before a second opinion, a late finalizer or a timer of the code under test gets so many ms. */
const PATIENCE_MS = 30;
const STRINGS = 2;
const RESOURCES = ["timers", "listeners", "calls"] as const;

/** The host's own, whatever a test puts there later to fake the time. */
const { setTimeout } = globalThis;

/**
 * Finds the lines whose blocks become more with every call of a function.
 *
 * A line leaks when, after garbage collection, it holds more after each of three batches of calls, by at least one
 * object (or byte, where something that was there before grows) for nearly every call; and again in each of three batches
 * twice as long. Caches that fill up, lazily made values, and the few objects that an engine keeps by chance do not grow in
 * step with the number of calls.
 *
 * @param fn Called again and again, and awaited each time when it gives a promise; its code must be instrumented.
 * @returns The lines, those with most bytes per call first; empty: none leaks.
 * @throws {NotInstrumentedError} when the code is not instrumented.
 * @throws Whatever `fn` throws.
 */
export function findLeaks(fn: Measured, options: LeakOptions = {}): Promise<Leak[]> {
  return findLeaksAs("findLeaks", fn, options);
}

/** As `findLeaks`, for whoever calls itself `name` in messages. */
export async function findLeaksAs(name: string, fn: Measured, options: LeakOptions = {}): Promise<Leak[]> {
  const { iterations = 100, tolerance = 0.1, warmup = 10, filters = [] } = options;
  checkFunction(name, fn);
  checkCount(name, "iterations", iterations, 10);
  checkCount(name, "warmup", warmup, 1);
  checkShare(name, "tolerance", tolerance);
  checkAnyInstrumented(name);
  return exclusively(name, async () => {
    await firstCall(name, fn, () => repeat(fn, warmup - 1));
    const first = await runPass(fn, iterations, filters);
    if (growing(first, tolerance).length === 0) return [];
    await new Promise((resolve) => void quietly(() => setTimeout(resolve, PATIENCE_MS)));
    const second = await runPass(fn, 2 * iterations, filters);
    const suspects = new Set(growing(first, tolerance));
    const leaks = growing(second, tolerance).filter((line) => suspects.has(line));
    const lines = new Set(leaks.map((leak) => leak.slice(leak.indexOf(" ") + 1)));
    return [...lines]
      .map((line) => describe(line, second))
      .sort((a, b) => b.bytesPerIteration - a.bytesPerIteration);
  });
}

async function runPass(
  fn: Measured,
  iterations: number,
  filters: readonly (Filter | DomainFilter)[],
): Promise<Pass> {
  const pass: Pass = { iterations, snapshots: [], levels: [] };
  for (let batch = 0; batch <= BATCHES; batch++) {
    if (batch > 0) await repeat(fn, iterations);
    await settleBlocks();
    const snapshot = takeSnapshot().filterTraces(filters);
    pass.snapshots.push(snapshot);
    pass.levels.push(levelsOf(snapshot));
  }
  return pass;
}

async function repeat(fn: Measured, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = fn();
    // Awaiting what is no promise would make a job of each call, and let timers of other tests in between.
    if (isThenable(result)) await result;
  }
}

function isThenable(value: unknown): boolean {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** By what it is and line: a line that makes fewer objects may all the same leave listeners behind. */
function levelsOf(snapshot: Snapshot): Map<string, Level> {
  const levels = new Map<string, Level>();
  const others = RESOURCES.map((domain) => new DomainFilter(false, domain));
  // `DomainFilter`s that exclude hold together.
  const memory = snapshot.filterTraces(others);
  for (const { key, size } of memory.statistics("lineno")) levels.set(`memory ${key}`, { count: 0, size });
  // Strings are measured through what holds them: they have no number of their own.
  const blocks = memory.filterTraces([new DomainFilter(false, STRINGS)]);
  for (const { key, count } of blocks.statistics("lineno")) levels.get(`memory ${key}`)!.count = count;
  for (const domain of RESOURCES) {
    const resources = snapshot.filterTraces([new DomainFilter(true, domain)]);
    for (const { key, count, size } of resources.statistics("lineno"))
      levels.set(`${domain} ${key}`, { count, size });
  }
  return levels;
}

/** What grew in step with the number of calls. */
function growing({ iterations, levels }: Pass, tolerance: number): string[] {
  const least = iterations * (1 - tolerance);
  return [...levels[BATCHES]!.keys()].filter((line) => {
    const counts = differences(levels, line, "count");
    if (counts.every((count) => count >= least)) return true;
    // What was there before may have grown instead. Tables of containers grow by leaps, the longer the rarer: the last
    // batch need not have seen one.
    const sum = (values: number[]): number => values.reduce((total, value) => total + value);
    const sizes = differences(levels, line, "size");
    return (
      sum(counts) <= 0 &&
      sizes.every((size) => size >= 0) &&
      sizes.filter((size) => size > 0).length >= BATCHES - 1 &&
      sum(sizes) >= BATCHES * least
    );
  });
}

function differences(levels: Pass["levels"], line: string, key: keyof Level): number[] {
  const values = levels.map((level) => level.get(line)?.[key] ?? 0);
  return values.slice(1).map((value, i) => value - values[i]!);
}

function describe(line: string, { iterations, snapshots, levels }: Pass): Leak {
  const calls = BATCHES * iterations;
  const [before, after] = [snapshots[0]!, snapshots[BATCHES]!];
  const split = line.lastIndexOf(":");
  const filename = line.slice(0, split);
  const lineno = Number(line.slice(split + 1));
  const here = [new Filter(true, literalPattern(filename), { lineno })];
  const grown = (keyType: "type" | "traceback"): StatisticDiff[] =>
    after
      .filterTraces(here)
      .compareTo(before.filterTraces(here), keyType)
      .filter(({ sizeDiff }) => sizeDiff > 0);
  const perCall = (what: string, key: keyof Level): number =>
    differences(levels, `${what} ${line}`, key).reduce((a, b) => a + b) / calls;
  const [timers, listeners, suspended] = RESOURCES.map((domain) => Math.max(0, perCall(domain, "count")));
  return {
    filename,
    lineno,
    objectsPerIteration: Math.max(0, perCall("memory", "count")),
    timersPerIteration: timers!,
    listenersPerIteration: listeners!,
    callsPerIteration: suspended!,
    bytesPerIteration: ["memory", ...RESOURCES].reduce((sum, what) => sum + perCall(what, "size"), 0),
    types: grown("type").map(({ key }) => key),
    traceback: (grown("traceback")[0] ?? after.filterTraces(here).statistics("traceback")[0]!).traceback,
  };
}
