// What the tracker costs, beside V8's own profilers: every program of bench/programs under every mode, in rounds of one
// process each, so that what the machine does meanwhile falls on all alike.
//
//     node bench/overhead/main.ts [--programs a,b] [--modes "untouched,exact 25"] [--rounds 3] [--warm 1500] [--ms 2000] [--json FILE]
import { spawnSync } from "node:child_process";
import { globSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MODES, type Mode } from "./modes.ts";
import type { Figures } from "./side.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");

const { values } = parseArgs({
  options: {
    programs: { type: "string" },
    modes: { type: "string" },
    rounds: { type: "string", default: "3" },
    warm: { type: "string", default: "1500" },
    ms: { type: "string", default: "2000" },
    json: { type: "string" },
  },
});

const programs =
  values.programs?.split(",") ??
  globSync("*.ts", { cwd: join(here, "../programs") })
    .map((file) => basename(file, ".ts"))
    .filter((name) => name !== "program")
    .sort();
const modes = MODES.filter(
  ({ name }) => values.modes === undefined || values.modes.split(",").includes(name),
);

function measure(program: string, { environment, profiler }: Mode): Figures {
  const preload = environment === undefined ? [] : ["--import", join(root, "dist/plugin/register_node.js")];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...preload,
      join(here, "side.ts"),
      ...[program, values.warm, values.ms],
      ...(profiler === undefined ? [] : [profiler.method]),
      ...(profiler?.method === "sampling" ? [String(profiler.interval)] : []),
    ],
    { encoding: "utf8", cwd: root, env: { ...process.env, ...environment, NODE_ENV: "production" } },
  );
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return JSON.parse(stdout) as Figures;
}

const average = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;
const geometric = (list: readonly number[]): number => Math.exp(average(list.map(Math.log)));

const found = new Map<string, Map<string, Figures[]>>(
  programs.map((program) => [program, new Map(modes.map(({ name }) => [name, []]))]),
);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const program of programs) {
    for (const mode of modes) found.get(program)!.get(mode.name)!.push(measure(program, mode));
  }
}

const ratios = new Map(modes.map(({ name }) => [name, { time: [] as number[], rss: [] as number[] }]));
for (const [program, ofProgram] of found) {
  console.log(`\n${program}`);
  const base = ofProgram.get(modes[0].name)!;
  for (const [mode, figures] of ofProgram) {
    const of = (key: keyof Figures, list = figures): number => average(list.map((each) => each[key]));
    const time = of("mean") / of("mean", base);
    const rss = of("peakRss") / of("peakRss", base);
    if (program !== "trees") {
      const all = ratios.get(mode)!;
      all.time.push(time);
      all.rss.push(rss);
    }
    console.log(
      `  ${mode.padEnd(20)} mean ${of("mean").toFixed(2).padStart(9)} ms ${time.toFixed(2).padStart(7)}x` +
        `   median ${of("median").toFixed(2).padStart(9)} ms ${(of("median") / of("median", base)).toFixed(2).padStart(7)}x` +
        `   peak RSS ${(of("peakRss") / 2 ** 20).toFixed(0).padStart(5)} MiB ${rss.toFixed(2).padStart(6)}x`,
    );
  }
}
console.log("\ngeometric mean over the real programs (trees left out)");
for (const [mode, { time, rss }] of ratios) {
  console.log(
    `  ${mode.padEnd(20)} ${geometric(time).toFixed(2).padStart(7)}x   RSS ${geometric(rss).toFixed(2)}x`,
  );
}
if (values.json !== undefined) {
  const programsFound = Object.fromEntries(
    [...found].map(([name, modes]) => [name, Object.fromEntries(modes)]),
  );
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, found: programsFound }, null, 2)}\n`);
}
