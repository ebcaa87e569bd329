// What it costs a loaded fastify server that timers, listeners and suspended calls are counted: the same process traces with and without, in turns
// of a second, so that what the machine does meanwhile falls on both alike. The requests come from another process.
//
//     node bench/overhead/resources.ts [--rounds 12] [--ms 1000] [--runtime node]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DomainFilter, type DomainName, type Snapshot, start, stop, takeSnapshot } from "tracemalloc";
import { runtimeCommand } from "../preload.ts";
import type { Prepare } from "../programs/program.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "12" },
    ms: { type: "string", default: "1000" },
    warm: { type: "string", default: "1000" },
    runtime: { type: "string", default: "node" },
    program: { type: "string", default: "fastify_server" },
    mode: { type: "string" },
  },
});

/** What the preload is told, so that it loads the text of the mode; and what tracing is started with. */
const MODES: Readonly<Record<string, { sampling: "exact" | "adaptive" | number; nframe: number }>> = {
  "512 KiB 25": { sampling: 524_288, nframe: 25 },
  "adaptive 25": { sampling: "adaptive", nframe: 25 },
  "exact 25": { sampling: "exact", nframe: 25 },
};

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU time of an iteration, in milliseconds. */
async function turn(run: () => unknown, milliseconds: number): Promise<number> {
  const before = cpuTime();
  let iterations = 0;
  for (; cpuTime() - before < milliseconds; iterations++) {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (cpuTime() - before) / iterations;
}

async function measure(name: string): Promise<void> {
  const { prepare } = (await import(`../programs/${values.program}.ts`)) as { prepare: Prepare };
  const run = await prepare();
  const tracing = async (resources: boolean): Promise<number> => {
    start({ ...MODES[name]!, resources });
    // Engines make their code anew where functions have been replaced.
    await turn(run, Number(values.warm));
    const time = await turn(run, Number(values.ms));
    if (resources) counted = countedOf(takeSnapshot());
    stop();
    return time;
  };
  let counted = 0;
  await tracing(true);
  await tracing(false);
  const ratios: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    // There and back again: what drifts falls on both.
    const first = [await tracing(false), await tracing(true)];
    const second = [await tracing(true), await tracing(false)];
    ratios.push((first[1]! + second[0]!) / (first[0]! + second[1]!));
  }
  const sorted = ratios.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(3);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.25)} to ${at(0.75)} | ${counted} |`);
}

/** How many were asked for. */
function countedOf(snapshot: Snapshot): number {
  const own = snapshot.filterTraces(
    ["timers", "listeners", "calls"].map((name) => new DomainFilter(true, name as DomainName)),
  );
  return own.statistics("filename").reduce((sum, { allocatedCount }) => sum + allocatedCount, 0);
}

if (values.mode !== undefined) {
  await measure(values.mode);
  process.exit(0);
}
console.log(
  "| mode | with ÷ without, CPU, median | middle half | counted in a turn |\n| --- | ---: | ---: | ---: |",
);
for (const [name, { sampling }] of Object.entries(MODES)) {
  const [runtime, ...args] = runtimeCommand(values.runtime, true);
  const { stdout, stderr, status } = spawnSync(
    runtime,
    [
      ...args,
      join(here, "resources.ts"),
      "--mode",
      name,
      "--rounds",
      values.rounds,
      "--ms",
      values.ms,
      ...["--program", values.program, "--warm", values.warm],
    ],
    {
      encoding: "utf8",
      cwd: root,
      env: { ...process.env, TRACEMALLOC_SAMPLING: String(sampling), NODE_ENV: "production" },
    },
  );
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  process.stdout.write(
    stdout
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .join("\n") + "\n",
  );
}
