// Our side of the snapshot measurements: makes the blocks under exact tracing and times what is done with snapshots of them.
//
//     node bench/snapshot/side.ts FRAMES BLOCKS PATHS REPETITIONS
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { instrument } from "../../src/instrument/instrument.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { start, takeSnapshot } from "../../src/tracing.ts";
import { javascriptProgram } from "./program.ts";

/** Seconds of each repetition. */
interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

/** What a side prints, as JSON. */
export interface SideResult {
  readonly blocks: number;
  readonly tracebacks: number;
  /** Seconds that making the blocks took. */
  readonly setUp: number;
  /** Bytes of the dump. */
  readonly bytes: number;
  /** Bytes. */
  readonly peakRss: number;
  readonly times: Readonly<Record<string, Times>>;
}

const [nframe, blocks, paths, repetitions] = process.argv.slice(2).map(Number);
const BLOCKS_PER_CALL = 17;
const GROWTH = 0.05;

const folder = mkdtempSync(join(tmpdir(), "tracemalloc-snapshots-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const file = join(folder, "program.mjs");
writeFileSync(file, instrument(javascriptProgram(), { filename: file, calls: nframe > 1 }).code);
const { run } = (await import(pathToFileURL(file).href)) as {
  run: (seed: number, keep: object[]) => void;
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const kept: object[][] = [];
let calls = 0;

async function make(count: number): Promise<void> {
  for (let end = calls + count / BLOCKS_PER_CALL; calls < end; calls++) {
    if (calls % 1000 === 0) {
      kept.push([]);
      await turn(); // WeakRefs keep their objects until the job ends
    }
    run(calls % paths, kept.at(-1)!);
  }
}

const times: Record<string, { wall: number[]; cpu: number[] }> = {};

async function time<T>(name: string, work: () => T): Promise<T> {
  let result!: T;
  times[name] ??= { wall: [], cpu: [] };
  for (let i = 0; i < repetitions; i++) {
    result = undefined as T;
    await turn();
    const cpu = process.cpuUsage();
    const from = performance.now();
    result = work();
    times[name].wall.push((performance.now() - from) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    times[name].cpu.push((user + system) / 1e6);
  }
  return result;
}

start({ nframe, sampling: "exact" });
const from = performance.now();
await make(blocks);
const setUp = (performance.now() - from) / 1000;
await turn();
const old = takeSnapshot();
await make(blocks * GROWTH);
const snapshot = await time("take", () => takeSnapshot());
for (const key of ["filename", "lineno", "traceback", "function", "type"] as const)
  await time(`statistics ${key}`, () => snapshot.statistics(key).length);
for (const key of ["filename", "lineno", "function"] as const)
  await time(`statistics ${key}, cumulative`, () => snapshot.statistics(key, true).length);
for (const key of ["lineno", "traceback"] as const)
  await time(`compare ${key}`, () => snapshot.compareTo(old, key).length);
// A new file each time: file systems wait for the disk when an old one is replaced.
let dumps = 0;
const dumped = (): string => join(folder, `${dumps}.pb.gz`);
await time("dump", () => {
  dumps++;
  snapshot.dump(dumped());
});
const loaded = await time("load", () => Snapshot.load(dumped()));
if (!loaded.equals(snapshot)) throw new Error("the snapshot loaded is not the one dumped");

const result: SideResult = {
  blocks: snapshot.traces.length,
  tracebacks: snapshot.columns.tracebacks.totalNframe.length,
  setUp,
  bytes: statSync(dumped()).size,
  peakRss: process.resourceUsage().maxRSS * 1024,
  times,
};
console.log(JSON.stringify(result));
