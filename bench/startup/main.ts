// What a preload adds to the start of a program: an empty one, and one that loads eight large packages (25 MB of text), with its
// files in the cache and without, beside the runtime alone. Modes take turns; the table has least and median of the rounds.
//
//     node bench/startup/main.ts [--rounds 5] [--modes "plain;not tracing"] [--runtime node|deno|bun] [--json FILE]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runtimeCommand } from "../preload.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const { values } = parseArgs({
  options: {
    modes: { type: "string" },
    rounds: { type: "string", default: "5" },
    runtime: { type: "string", default: "node" },
    json: { type: "string" },
  },
});

const PACKAGES = ["typescript-js", "@babel/core", "webpack", "fastify", "terser", "postcss", "lodash"];

/** What a program says of itself in the end. */
const REPORT =
  "process.on('exit', () => { const { userCPUTime: u, systemCPUTime: s, maxRSS: m } = process.resourceUsage();" +
  "require('node:fs').writeSync(1, JSON.stringify({ cpu: (u + s) / 1000, peakRss: m * 1024 })); });";

const PROGRAMS: Readonly<Record<string, string>> = {
  empty: "",
  large: `for (const name of ${JSON.stringify(PACKAGES)}) require(name); import("prettier");`,
};

interface Mode {
  readonly name: string;
  /** Variables for the preload; absent: the runtime alone. */
  readonly environment?: Readonly<Record<string, string>>;
  /** No file is in the cache. */
  readonly isCold?: boolean;
}

const BYTES = { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "524288" };

const ALL_MODES: readonly Mode[] = [
  { name: "plain" },
  { name: "not tracing with calls", environment: {} },
  { name: "not tracing", environment: { TRACEMALLOC_SAMPLING: "adaptive" } },
  { name: "512 KiB, 25 frames", environment: BYTES },
  { name: "adaptive, 25 frames", environment: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "adaptive" } },
  { name: "not tracing with calls, cold", environment: {}, isCold: true },
  { name: "512 KiB, 25 frames, cold", environment: BYTES, isCold: true },
];

const MODES = ALL_MODES.filter(
  ({ name }) => name === "plain" || values.modes === undefined || values.modes.split(";").includes(name),
);

interface Figures {
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  /** Bytes. */
  readonly peakRss: number;
}

// The cache is in the nearest `node_modules`: this folder has one of its own, whose packages are links to ours. Within the
// repository, as Deno takes what a preload imports from the project that it is started in.
const folder = mkdtempSync(join(root, "bench", "startup", "run-"));
const cache = join(folder, "node_modules", ".cache");
/** Where the cache of the others is meanwhile. */
const kept = join(folder, "kept");

function prepare(): void {
  for (const name of [...PACKAGES, "prettier"]) {
    mkdirSync(join(folder, "node_modules", name, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  for (const [name, text] of Object.entries(PROGRAMS))
    writeFileSync(join(folder, `${name}.cjs`), `${REPORT}${text}\n`);
}

function measure(program: string, { environment, isCold = false }: Mode): Figures {
  if (isCold && existsSync(cache)) renameSync(cache, kept);
  const [runtime, ...args] = runtimeCommand(values.runtime, environment !== undefined);
  const begin = performance.now();
  const { stdout, stderr, status } = spawnSync(runtime, [...args, join(folder, `${program}.cjs`)], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  const wall = performance.now() - begin;
  if (isCold && existsSync(kept)) {
    rmSync(cache, { recursive: true, force: true });
    renameSync(kept, cache);
  }
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return { wall, ...(JSON.parse(stdout) as Omit<Figures, "wall">) };
}

const found: Record<string, Record<string, Figures[]>> = {};
try {
  prepare();
  for (const program of Object.keys(PROGRAMS)) {
    const figures: Record<string, Figures[]> = {};
    found[program] = figures;
    // The first round fills the cache.
    for (const mode of [...MODES].reverse()) figures[mode.name] = [measure(program, mode)];
    for (let round = 1; round < Number(values.rounds); round++)
      // A cold start takes seconds, and says the same each time.
      for (const mode of MODES)
        if (mode.isCold !== true || round === 1) figures[mode.name].push(measure(program, mode));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  "| program | mode | wall, ms | × | median | × | CPU, ms | × | peak RSS, MB | × |\n" +
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
);
for (const [program, modes] of Object.entries(found)) {
  const plain = summary(modes.plain);
  for (const { name } of MODES) {
    const cells = summary(modes[name]).flatMap((value, i) => [
      value.toFixed(0),
      (value / plain[i]).toFixed(2),
    ]);
    console.log(`| ${program} | ${name} | ${cells.join(" | ")} |`);
  }
}

/** Least wall time, median wall time, least CPU time and least peak RSS. */
function summary(figures: readonly Figures[]): number[] {
  const sorted = (key: keyof Figures): number[] => figures.map((each) => each[key]).sort((a, b) => a - b);
  const wall = sorted("wall");
  return [wall[0], wall[wall.length >> 1], sorted("cpu")[0], sorted("peakRss")[0] / 1e6];
}
if (values.json !== undefined) {
  const machine = { node: process.version, date: new Date().toISOString().slice(0, 10), ...values };
  writeFileSync(values.json, `${JSON.stringify({ machine, found }, null, 2)}\n`);
}
