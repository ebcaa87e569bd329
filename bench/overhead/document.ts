// Writes the table and the plot of docs/performance.md from what `npm run bench` has left in bench/results/.
//
//     node bench/overhead/document.ts
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { overall, WORST_CASE } from "./figures.ts";
import { plot } from "./plot.ts";
import { type Measure, type Results, readResults, wasBusy } from "./results.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const RUNTIMES = ["node", "deno", "bun"] as const;

/** The rows: what they are called, the modes of the benchmark that they show and what the plot calls them, how one has it, what for. */
const ROWS: readonly Row[] = [
  {
    name: "loaded, not tracing",
    modes: { "not tracing": "not tracing" },
    how: "`TRACEMALLOC_SAMPLING=524288` and the preload",
    use: "to call `start()` when something looks wrong",
  },
  {
    name: "sampling by bytes",
    modes: { "512 KiB 25": "by bytes, 512 KiB" },
    how: "`TRACEMALLOC=25 TRACEMALLOC_SAMPLING=524288`; `run --sample`",
    use: "to leave it on; all figures are estimates",
  },
  {
    name: "adaptive",
    modes: { "adaptive 25": "adaptive" },
    how: "`TRACEMALLOC=25 TRACEMALLOC_SAMPLING=adaptive`; `run`",
    use: "to look for a leak: counts by line are exact",
  },
  {
    name: "exact, 1 / 25 frames",
    modes: { "exact 1": "exact, 1 frame", "exact 25": "exact, 25 frames" },
    how: "`TRACEMALLOC=1` or `25`; `run --exact`",
    use: "to know each block: tests, budgets, small leaks",
  },
  {
    name: "V8's sampler, 16 / 512 KiB",
    modes: { "v8 sampling 16 KiB": "V8's, 16 KiB", "v8 sampling 512 KiB": "V8's, 512 KiB" },
    how: "`--heap-prof`",
    use: "to compare: functions, no lines",
  },
];

interface Row {
  readonly name: string;
  readonly modes: Readonly<Record<string, string>>;
  readonly how: string;
  readonly use: string;
}

const results = RUNTIMES.flatMap((runtime) => readResults(runtime) ?? []);
const node = results.find(({ machine }) => machine.runtime === "node");
if (node === undefined) throw new Error("no figures of Node in bench/results/: run `npm run bench` first");
const measure: Measure = results.some(({ machine }) => wasBusy(machine)) ? "cpu" : "mean";

/** A mode's ratios on a runtime, as a cell. */
function cell({ found }: Results, modes: Row["modes"], key: Measure | "peakRss"): string {
  const all = overall(found);
  const ratios = Object.keys(modes).map((mode) => all[mode]?.[key].toFixed(2));
  return ratios.some((ratio) => ratio === undefined) ? "" : ratios.join(" / ");
}

function table(): string {
  const name = { node: "Node", deno: "Deno", bun: "Bun" } as Record<string, string>;
  const heads = [
    ...["mode", "how"],
    ...results.map(({ machine }) => `${measure === "cpu" ? "CPU" : "time"}, ${name[machine.runtime]}`),
    ...["memory", "take it"],
  ];
  const rows = ROWS.map(({ name, modes, how, use }) => [
    ...[name, how],
    ...results.map((each) => cell(each, modes, measure)),
    ...[cell(node!, modes, "peakRss"), use],
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i])).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** What the figures are of. */
function origin(): string {
  const { date, rounds, cores, load } = node!.machine;
  const programs = Object.keys(node!.found).filter((name) => name !== WORST_CASE);
  const versions = results.map(({ machine: { runtime, version } }) => `${runtime} ${version}`).join(", ");
  const state =
    measure === "mean"
      ? "nothing else to do"
      : `a load of ${Math.max(...load).toFixed(0)} on its ${cores} cores, hence CPU time`;
  return `(${date}; ${versions}; ${programs.join(", ")}; rounds: ${rounds}; a machine with ${state}.)`;
}

const BEGIN = "<!-- npm run bench:docs -->";
const END = "<!-- end -->";
const page = readFileSync(`${docs}performance.md`, "utf8");
const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
if (from < 0 || to < from) throw new Error(`docs/performance.md has no "${BEGIN} … ${END}"`);
const text = `${page.slice(0, from)}${BEGIN}\n\n${table()}\n\n${origin()}\n\n${page.slice(to)}`;
writeFileSync(`${docs}performance.md`, text);
const labels = Object.assign({}, ...ROWS.map((row) => row.modes)) as Record<string, string>;
writeFileSync(`${docs}images/overhead.svg`, `${await plot(node, measure, labels)}\n`);
