// One process of the comparison: runs a program until it is warm, then measures it, and prints the figures as JSON.
//
//     node bench/overhead/side.ts PROGRAM WARM_MS MEASURE_MS [PROFILER [INTERVAL]]
import type { Prepare } from "../programs/program.ts";
import type { Figures } from "./figures.ts";

const [program, warm, measured, profiler, interval] = process.argv.slice(2);

async function profile(): Promise<void> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  if (profiler === "trackAllocations")
    await session.post("HeapProfiler.startTrackingHeapObjects", { trackAllocations: true });
  else await session.post("HeapProfiler.startSampling", { samplingInterval: Number(interval) });
}

async function main(): Promise<Figures> {
  const { prepare } = (await import(`../programs/${program}.ts`)) as { prepare: Prepare };
  const run = await prepare();
  if (profiler !== undefined) await profile();
  await repeat(run, Number(warm));
  const before = cpuTime();
  const times = await repeat(run, Number(measured));
  const after = cpuTime();
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const median = times.toSorted((a, b) => a - b)[times.length >> 1];
  const cpu = (after - before) / times.length;
  return { mean, median, cpu, iterations: times.length, peakRss: process.resourceUsage().maxRSS * 1024 };
}

let kept: unknown;

/** CPU time so far, in milliseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** For so much CPU time: by the clock, a busy machine would measure how programs warm up. */
async function repeat(run: () => unknown, milliseconds: number): Promise<number[]> {
  const times: number[] = [];
  const end = cpuTime() + milliseconds;
  do {
    const begin = performance.now();
    kept = await run();
    await new Promise((resolve) => setImmediate(resolve));
    times.push(performance.now() - begin);
  } while (cpuTime() < end || times.length < 3);
  return times;
}

const figures = await main();
if (kept === undefined) throw new Error(`${program}: no result`);
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
