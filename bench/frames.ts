// What call paths cost: one frame against twenty-five, on the programs of the design's table (acorn parsing, binary trees,
// churn of objects, arrays, closures and Maps). Each mode runs in processes of its own, as a program would, and the modes
// take turns. Time is the process's user CPU time per iteration, the event loop's turn after it included.
//
//     node bench/frames.ts [rounds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { instrument } from "../src/instrument/instrument.ts";
import { start } from "../src/tracing.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The modes: how the code is instrumented, and what is traced. */
const MODES = {
  untouched: null,
  "1 frame, stopped": { calls: false, start: null },
  "25 frames, stopped": { calls: true, start: null },
  "1 frame, adaptive": { calls: false, start: { nframe: 1, sampling: "adaptive" } },
  "25 frames, adaptive": { calls: true, start: { nframe: 25, sampling: "adaptive" } },
  "1 frame, exact": { calls: false, start: { nframe: 1 } },
  "25 frames, exact": { calls: true, start: { nframe: 25 } },
} as const;
type Mode = keyof typeof MODES;

const TREES = `function make(depth) { return depth === 0 ? { left: null, right: null } : { left: make(depth - 1), right: make(depth - 1) }; }
function check(tree) { return tree.left === null ? 1 : 1 + check(tree.left) + check(tree.right); }
export function run() { return check(make(14)); }`;
const CHURN = `export function run() { const map = new Map(); let n = 0;
for (let i = 0; i < 10000; i++) { const o = { i, list: [i, i + 1], f: () => o }; map.set(i % 100, o); n += o.f().list.length; }
return n; }`;

async function load(
  folder: string,
  name: string,
  source: string,
  mode: Mode,
): Promise<Record<string, unknown>> {
  const settings = MODES[mode];
  const code =
    settings === null ? source : instrument(source, { filename: name, calls: settings.calls }).code;
  const file = join(folder, name);
  writeFileSync(file, code);
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
}

/** Milliseconds of CPU per iteration of each program. */
async function measure(mode: Mode): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-bench-"));
  try {
    const text = readFileSync(join(root, "node_modules/acorn/dist/acorn.mjs"), "utf8");
    const acorn = await load(folder, "acorn.mjs", text, mode);
    const trees = await load(folder, "trees.mjs", TREES, mode);
    const churn = await load(folder, "churn.mjs", CHURN, mode);
    const parse = acorn.parse as (text: string, options: object) => unknown;
    const programs: Record<string, () => unknown> = {
      acorn: () => parse(text, { ecmaVersion: 2024, sourceType: "module" }),
      trees: trees.run as () => unknown,
      churn: churn.run as () => unknown,
    };
    const options = MODES[mode]?.start;
    if (options) start(options);
    const found: Record<string, number> = {};
    for (const [name, run] of Object.entries(programs)) {
      for (let i = 0; i < 10; i++) await iteration(run);
      const before = process.cpuUsage().user;
      for (let i = 0; i < 20; i++) await iteration(run);
      found[name] = (process.cpuUsage().user - before) / 20_000;
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function iteration(run: () => unknown): Promise<void> {
  run();
  await new Promise((resolve) => setImmediate(resolve));
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

function main(rounds: number): void {
  const modes = Object.keys(MODES) as Mode[];
  const found = new Map(modes.map((mode) => [mode, [] as Record<string, number>[]]));
  for (let round = 0; round < rounds; round++) {
    for (const mode of modes) {
      const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, "--mode", mode], {
        encoding: "utf8",
      });
      if (stdout === "") throw new Error(stderr);
      found.get(mode)!.push(JSON.parse(stdout) as Record<string, number>);
    }
  }
  const names = Object.keys(found.get("untouched")![0]);
  for (const mode of modes) {
    const cells = names.map((name) => {
      const of = (each: Mode): number => median(found.get(each)!.map((result) => result[name]));
      return `${name} ${of(mode).toFixed(1).padStart(6)} ms ${(of(mode) / of("untouched")).toFixed(2).padStart(6)}x`;
    });
    console.log(`${mode.padEnd(20)} ${cells.join("   ")}`);
  }
}

if (process.argv[2] === "--mode") console.log(JSON.stringify(await measure(process.argv[3] as Mode)));
else main(Number(process.argv[2] ?? 5));
