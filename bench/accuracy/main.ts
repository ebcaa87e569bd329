// Live bytes per function, the tracker against V8: `node bench/accuracy/main.ts [workload…] [--top N]`.
// Each side runs in a process of its own. Bounds: the total within 10 %; of V8's top 20 functions 16 within ±20 %, and 17 within ±10 %. Of fewer
// functions as large a part, rounded up: of 8 functions 7, and 7.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readReport, type SideReport } from "./side.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const TOP = 20;
const TOTAL_BOUND = 0.1;
/** So many of the top functions must be within so much. */
const FUNCTION_BOUNDS = [
  { bound: 0.2, ofTop: 16 },
  { bound: 0.1, ofTop: 17 },
] as const;
/** V8 loses objects that its collector or its optimising compilers move. */
const V8_FLAGS = [
  ...[
    "--min-semi-space-size=256",
    "--max-semi-space-size=256",
    "--no-compact",
    "--no-turbofan",
    "--no-maglev",
  ],
];

interface Row {
  readonly key: string;
  readonly v8: number;
  readonly tracker: number;
}

function run(args: readonly string[], env: Record<string, string>): SideReport {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stderr}`);
  return readReport(stdout);
}

function compare(workload: string): Row[] {
  const path = `${here}workloads/${workload}.ts`;
  const v8 = run([...V8_FLAGS, `${here}v8_side.ts`, path], {});
  const tracker = run(["--import", `${root}plugin/register_node.ts`, `${here}tracker_side.ts`, path], {
    TRACEMALLOC: "2", // with callers, so that built-ins can be charged to them
    TRACEMALLOC_SAMPLING: "exact",
    TRACEMALLOC_EXCLUDE: `${here}*.ts`,
  });
  joinModules(v8, tracker);
  nameConstructors(v8, tracker);
  const keys = new Set([...Object.keys(v8.functions), ...Object.keys(tracker.functions)]);
  return [...keys]
    .map((key) => ({ key, v8: v8.functions[key] ?? 0, tracker: tracker.functions[key] ?? 0 }))
    .sort((a, b) => b.v8 - a.v8);
}

/** V8 calls a constructor as its class, which can have been named by its place; the tracker calls it `constructor`. */
function nameConstructors(v8: SideReport, tracker: SideReport): void {
  for (const [key, bytes] of Object.entries(tracker.functions)) {
    if (!key.endsWith(":constructor") || key in v8.functions) continue;
    const line = key.slice(0, -"constructor".length);
    const [same] = Object.keys(v8.functions)
      .filter((other) => other.startsWith(line) && !(other in tracker.functions))
      .sort((a, b) => Math.abs(v8.functions[a] - bytes) - Math.abs(v8.functions[b] - bytes));
    if (same === undefined) continue;
    (tracker.functions as Record<string, number>)[same] = bytes;
    delete (tracker.functions as Record<string, number>)[key];
  }
}

/** A bundle is one module to V8; to the tracker, which follows its map, each source is one. */
function joinModules(v8: SideReport, tracker: SideReport): void {
  const functions = tracker.functions as Record<string, number>;
  for (const [file, sources] of Object.entries(v8.sources)) {
    const module = `${file}:1:`;
    for (const key of sources.map((source) => `${source}:1:`)) {
      if (key === module || !(key in functions)) continue;
      functions[module] = (functions[module] ?? 0) + functions[key];
      delete functions[key];
    }
  }
}

function ratio({ v8, tracker }: { v8: number; tracker: number }): number {
  return v8 === 0 ? 0 : tracker / v8 - 1;
}

function percent(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value * 100).toFixed(1)} %`;
}

function sum(rows: readonly Row[]): { v8: number; tracker: number } {
  return rows.reduce((total, { v8, tracker }) => ({ v8: total.v8 + v8, tracker: total.tracker + tracker }), {
    v8: 0,
    tracker: 0,
  });
}

const verbose = process.argv.includes("--functions");
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const all = readdirSync(`${here}workloads`).map((name) => name.replace(/\.ts$/, ""));
console.log("| workload | V8, bytes | tracker | difference | top functions within ±20 % | within ±10 % | |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
let failed = 0;
for (const workload of asked.length > 0 ? asked : all) {
  const rows = compare(workload);
  const total = sum(rows);
  const top = rows.filter(({ v8 }) => v8 > 0).slice(0, TOP);
  const within = FUNCTION_BOUNDS.map(({ bound, ofTop }) => ({
    count: top.filter((row) => Math.abs(ratio(row)) <= bound).length,
    enough: Math.ceil((top.length * ofTop) / TOP),
  }));
  const isGood =
    Math.abs(ratio(total)) <= TOTAL_BOUND && within.every(({ count, enough }) => count >= enough);
  if (!isGood) failed++;
  const counts = within.map(({ count }) => `${count} of ${top.length}`);
  const figures = [total.v8, total.tracker, percent(ratio(total)), ...counts];
  console.log(`| ${[workload, ...figures, isGood ? "ok" : "out of bounds"].join(" | ")} |`);
  if (!verbose) continue;
  for (const row of top) {
    const key = row.key.replace(
      /^(.*)(:\d+:.*)$/,
      (_, file: string, rest: string) => relative(root, file) + rest,
    );
    console.log(
      `    ${String(row.v8).padStart(9)} ${String(row.tracker).padStart(9)} ${percent(ratio(row)).padStart(9)}  ${key}`,
    );
  }
  const missing = rows.filter(({ v8 }) => v8 === 0).sort((a, b) => b.tracker - a.tracker);
  for (const { key, tracker } of missing.slice(0, 5))
    console.log(`            - ${String(tracker).padStart(9)}            ${key}`);
}
process.exitCode = failed > 0 ? 1 : 0;
