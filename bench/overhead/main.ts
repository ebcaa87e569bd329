// What the tracker costs, beside V8's own profilers and CPython's tracemalloc: every program of bench/programs under
// every mode, in rounds of one process each, so that what the machine does meanwhile falls on all alike.
//
//     node bench/overhead/main.ts [--programs a,b] [--modes "untouched,exact 25"] [--rounds 3] [--warm 3000] [--ms 2000]
//                                 [--runtime node,deno,bun] [--save] [--json FILE]
//
// `--save` writes bench/results/, of which bench/overhead/document.ts makes the table and the plot of docs/performance.md.
import { spawnSync } from "node:child_process";
import { globSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runtimeCommand } from "../preload.ts";
import { LIKE_WORK, measureCPython } from "./cpython.ts";
import { compare, type Figures, type Found, overall, UNTOUCHED } from "./figures.ts";
import { MODES, type Mode } from "./modes.ts";
import { type Machine, resultsFile } from "./results.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");

const { values } = parseArgs({
  options: {
    programs: { type: "string" },
    modes: { type: "string" },
    rounds: { type: "string", default: "3" },
    warm: { type: "string", default: "3000" },
    ms: { type: "string", default: "2000" },
    runtime: { type: "string", default: "node" },
    save: { type: "boolean", default: false },
    json: { type: "string" },
  },
});

const programs =
  values.programs?.split(",") ??
  globSync("*.ts", { cwd: join(here, "../programs") })
    .map((file) => basename(file, ".ts"))
    .filter((name) => name !== "program")
    .sort();
const modesOn = (runtime: string): Mode[] =>
  MODES.filter(
    ({ name, profiler }) =>
      (values.modes === undefined || values.modes.split(",").includes(name)) &&
      (profiler === undefined || runtime === "node"),
  );

type Times = Readonly<Record<"warm" | "ms", string>>;

function measure(
  name: string,
  program: string,
  { environment, profiler }: Mode,
  ms: Times = values,
): Figures {
  const [runtime, ...args] = runtimeCommand(name, environment !== undefined);
  const { stdout, stderr, status } = spawnSync(
    runtime,
    [
      ...args,
      join(here, "side.ts"),
      ...[program, ms.warm, ms.ms],
      ...(profiler === undefined ? [] : [profiler.method]),
      ...(profiler?.method === "sampling" ? [String(profiler.interval)] : []),
    ],
    { encoding: "utf8", cwd: root, env: { ...process.env, ...environment, NODE_ENV: "production" } },
  );
  if (status !== 0) throw new Error(`${program} on ${name}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Figures;
}

/** Whatever transforms first has the parser in its peak: the files of both kinds of text come from the cache in every process. */
function fillCache(runtime: string): void {
  const loaded = new Set(["not tracing", "not tracing with calls"]);
  for (const mode of MODES.filter(({ name }) => loaded.has(name)))
    for (const program of programs) measure(runtime, program, mode, { warm: "0", ms: "0" });
}

type CPython = Record<string, (Record<string, number> | null)[]>;

function run(runtime: string): { found: Record<string, Record<string, Figures[]>>; cpython: CPython } {
  const modes = modesOn(runtime);
  const found: Record<string, Record<string, Figures[]>> = {};
  const cpython: CPython = { 0: [], 1: [], 25: [] };
  fillCache(runtime);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const program of programs) {
      found[program] ??= Object.fromEntries(modes.map(({ name }) => [name, []]));
      for (const mode of modes) found[program][mode.name].push(measure(runtime, program, mode));
      process.stderr.write(`${runtime}, round ${round + 1}: ${program}\n`);
    }
    for (const nframe of runtime === "node" ? [0, 1, 25] : [])
      cpython[nframe].push(measureCPython(nframe, Number(values.ms) / 1000));
  }
  return { found, cpython };
}

const fixed = (value: number, digits = 2): string => value.toFixed(digits);
function print(found: Found, cpython: CPython): void {
  console.log("| program | mode | mean, ms | × | median, ms | × | CPU, ms | × | peak RSS, MiB | × |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [program, ofProgram] of Object.entries(found)) {
    for (const [mode, figures] of Object.entries(ofProgram)) {
      const { mean, median, cpu, peakRss, ratio } = compare(figures, ofProgram[UNTOUCHED]);
      const times = [mean, ratio.mean, median, ratio.median, cpu, ratio.cpu];
      const cells = times.map((value) => fixed(value));
      console.log(
        `| ${program} | ${mode} | ${cells.join(" | ")} | ${fixed(peakRss / 2 ** 20, 0)} | ${fixed(ratio.peakRss)} |`,
      );
    }
  }
  console.log(
    "\n| all but trees, geometric mean | mean, × | median, × | CPU, × | peak RSS, × |\n| --- | ---: | ---: | ---: | ---: |",
  );
  for (const [mode, ratio] of Object.entries(overall(found)))
    console.log(
      `| ${mode} | ${fixed(ratio.mean)} | ${fixed(ratio.median)} | ${fixed(ratio.cpu)} | ${fixed(ratio.peakRss)} |`,
    );

  const rounds = cpython[0].filter((each) => each !== null);
  if (rounds.length > 0) {
    console.log(
      "\n| CPython's tracemalloc | off, ms | 1 frame, × | 25 frames, × | ours, exact, 25 frames, × |",
    );
    console.log("| --- | ---: | ---: | ---: | ---: |");
    for (const [theirs, ours] of Object.entries(LIKE_WORK)) {
      const best = (nframe: number): number =>
        Math.min(...cpython[nframe].map((each) => each?.[theirs] ?? Number.NaN));
      const modesOfOurs = found[ours];
      const own =
        modesOfOurs?.["exact 25"] && compare(modesOfOurs["exact 25"], modesOfOurs[UNTOUCHED]).ratio.mean;
      const cells = [fixed(best(0)), fixed(best(1) / best(0)), fixed(best(25) / best(0))];
      console.log(`| ${theirs} (${ours}) | ${cells.join(" | ")} | ${own === undefined ? "" : fixed(own)} |`);
    }
  }
}

for (const runtime of values.runtime.split(",")) {
  const load = loadavg()[0];
  const { found, cpython } = run(runtime);
  console.log(`\n${runtime}\n`);
  print(found, cpython);
  const machine: Machine = {
    ...{ runtime, version: versionOf(runtime), date: new Date().toISOString().slice(0, 10) },
    ...{ cores: cpus().length, load: [load, loadavg()[0]] },
    ...{ rounds: Number(values.rounds), warm: Number(values.warm), ms: Number(values.ms) },
  };
  const text = `${JSON.stringify({ machine, found, cpython }, null, 2)}\n`;
  if (values.save) writeFileSync(resultsFile(runtime), text);
  if (values.json !== undefined) writeFileSync(values.json, text);
}

function versionOf(runtime: string): string {
  const [program] = runtimeCommand(runtime, false);
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "";
}
