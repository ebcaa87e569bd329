// A long run: `node bench/soak/main.ts [allocations] [exact|adaptive|BYTES]`, 10⁹ and adaptive unless told otherwise.
// Instrumented code allocates by loop, with 25 frames; most of it dies, some stays. Printed at intervals: what the tracker
// itself takes, and the process. Ends with 1 where the tracker's memory is not bounded, counts are wrong, or estimates off.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { collect, getTracedMemory, getTracemallocMemory, start, takeSnapshot } from "../../mod.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { PER_TURN, PROGRAM, RING_BYTES, RING_LINE } from "./program.ts";

interface Program {
  work(turns: number): unknown;
  kept(): { ring: number; cache: number };
}

interface Point {
  readonly allocations: number;
  readonly tracker: number;
}

/** Allocations between two turns of the event loop, in which finalizers run. */
const BATCH_TURNS = 20_000;
const INTERVALS = 20;
/**
 * The most that the tracker takes may grow by so much from the first half to the second: tables double when they are full.
 * (From one moment to the next it falls and rises with the engine's collections, as what is followed dies.)
 */
const MOST_GROWTH = 1.5;
const MOST_ERROR = 0.05;
/** In standard errors, what an estimate by sampled bytes may be off. */
const MOST_DEVIATION = 4;

const [allocations, sampling] = options(process.argv.slice(2));
const program = await load();
start({ nframe: 25, sampling, seed: 1 });
const turns = Math.ceil(allocations / PER_TURN);
const points: Point[] = [];
const began = performance.now();
console.log("| allocations | seconds | tracker, KiB | RSS, MiB | heap, MiB | traced, KiB |");
console.log("| ---: | ---: | ---: | ---: | ---: | ---: |");
for (let done = 0, next = 1; done < turns; ) {
  const batch = Math.min(BATCH_TURNS, turns - done);
  program.work(batch);
  done += batch;
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  if (done < (turns * next) / INTERVALS) continue;
  next = Math.floor((done * INTERVALS) / turns) + 1;
  look(done * PER_TURN);
}
await finish();

function look(made: number): void {
  const { rss, heapUsed } = process.memoryUsage();
  const tracker = getTracemallocMemory();
  points.push({ allocations: made, tracker });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const figures = [
    made.toExponential(2),
    seconds,
    (tracker / 1024).toFixed(0),
    (rss / 2 ** 20).toFixed(1),
    (heapUsed / 2 ** 20).toFixed(1),
    (getTracedMemory().current / 1024).toFixed(0),
  ];
  console.log(`| ${figures.join(" | ")} |`);
}

async function finish(): Promise<void> {
  await collect();
  const failures: string[] = [];
  const middle = points.length >> 1;
  const [early, late] = [points.slice(1, middle), points.slice(middle)].map((half) =>
    Math.max(...half.map(({ tracker }) => tracker)),
  );
  if (late! > early! * MOST_GROWTH)
    failures.push(`the tracker took up to ${early} bytes in the first half, ${late} in the second`);
  const lines = takeSnapshot().statistics("lineno");
  const counted = lines.reduce((sum, { allocatedCount }) => sum + allocatedCount, 0);
  const made = turns * PER_TURN;
  const ring = lines.find(({ traceback }) => traceback.at(-1)!.lineno === RING_LINE);
  const countsAll = typeof sampling === "string";
  const total = lines.reduce((sum, { allocatedSize }) => sum + allocatedSize, 0);
  if (countsAll ? counted < made : !isNear(counted, made, total))
    failures.push(`${made} blocks were made, ${counted} counted`);
  const counting = ring?.allocatedCount ?? 0;
  if (countsAll ? counting !== turns : !isNear(counting, turns, turns * RING_BYTES))
    failures.push(`${turns} objects of line ${RING_LINE} were made, ${counting} counted`);
  const truth = program.kept().ring;
  const count = ring?.count ?? 0;
  if (countsAll ? Math.abs(count - truth) > mostError(truth) : !isNear(count, truth, truth * RING_BYTES))
    failures.push(`${truth} objects of line ${RING_LINE} live, the tracker says ${ring?.count}`);
  console.log(`\n${counted} blocks counted; of line ${RING_LINE} ${truth} live, said ${ring?.count}`);
  console.log(failures.length === 0 ? "bounded" : failures.join("\n"));
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/**
 * In adaptive mode one object is followed of each run of 256 of a busy line, or of 512 … where its budget wants it: 0.25 % of the time, which
 * is 3,571 objects a second, and by the hysteresis 1,430 at least. What lives is one stretch of the line, whose ends lie within a run each:
 * it is off by 1¼ runs in one of 60 cases, and never by two.
 */
function mostError(truth: number): number {
  if (sampling !== "adaptive") return truth * MOST_ERROR;
  const rate = allocations / ((performance.now() - began) / 1000);
  const run = Math.max(256, 2 ** Math.floor(Math.log2(rate / 1430)));
  return Math.max(truth * MOST_ERROR, 1.25 * run);
}

/** Whether an estimate is as near as the samples allow that are taken of so many bytes: their number is Poisson's. */
function isNear(estimate: number, truth: number, bytes: number): boolean {
  return Math.abs(estimate / truth - 1) <= MOST_DEVIATION / Math.sqrt(bytes / Number(sampling));
}

async function load(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-soak-"));
  try {
    const file = join(folder, "program.mjs");
    // As the preload loads it: sampled modes do without recorded calls.
    const calls = sampling === "exact";
    writeFileSync(file, instrument(PROGRAM, { filename: file, sourceType: "module", calls }).code);
    return (await import(pathToFileURL(file).href)) as Program;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function options([count = "1e9", mode = "adaptive"]: readonly string[]): [
  number,
  "exact" | "adaptive" | number,
] {
  const allocations = Number(count);
  if (!(allocations >= 1e5))
    throw new RangeError(`the number of allocations must be 1e5 or more, got ${count}`);
  return [allocations, mode === "exact" || mode === "adaptive" ? mode : Number(mode)];
}
