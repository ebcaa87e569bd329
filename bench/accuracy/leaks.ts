// Leaks of published packages, as their users reported them: how much of what V8's heap grows by per iteration do lines account for?
// `LEAKS_DIR=/some/folder node bench/accuracy/leaks.ts [--mode exact|adaptive] [case…]`; the folder keeps one npm project a case.
// Bounds: 90 % in the median, 80 % in four fifths of the cases, 115 % in none. Ends with 1 when they are not kept.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

interface Case {
  readonly name: string;
  readonly install: readonly string[];
  /** The lines at fault, as `package/path:line`. */
  readonly culprit: readonly string[];
}

/** What one process says: bytes per iteration, and the lines that grew most. */
interface Answer {
  readonly growth: number;
  readonly lines: readonly { readonly filename: string; readonly lineno: number }[];
}

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.env.LEAKS_DIR ?? join(tmpdir(), "tracemalloc-leaks");
const BOUNDS = { median: 0.9, least: 0.8, share: 0.8, most: 1.15 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mode: { type: "string", default: "exact" } },
});

/** Installs what a case needs, once. */
function prepare({ name, install }: Case): string {
  const to = join(folder, name);
  if (!existsSync(join(to, ".ready"))) {
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, "package.json"), '{"private":true,"type":"module"}');
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    const { status, stderr } = spawnSync("npm", ["install", ...flags, ...install], {
      cwd: to,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${name}: npm install: ${stderr}`);
    writeFileSync(join(to, ".ready"), "");
  }
  copyFileSync(join(here, "leaks", `${name}.mjs`), join(to, "leak.mjs"));
  return to;
}

function run(to: string, isTraced: boolean): Answer {
  const preload = isTraced ? ["--import", join(root, "dist/plugin/register_node.js")] : [];
  const env = isTraced ? { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: values.mode } : { TRACEMALLOC: "" };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--expose-gc", ...preload, join(here, "leak_side.ts"), to],
    { encoding: "utf8", env: { ...process.env, ...env }, timeout: 300_000 },
  );
  const answer = stdout.split("\n").find((line) => line.startsWith("answer:"));
  if (answer === undefined) throw new Error(`${to} ended with ${status}: ${stderr.slice(-400)}`);
  return JSON.parse(answer.slice(7)) as Answer;
}

/** Whether one of the lines is at fault, or the next to it. */
function names({ lines }: Answer, { culprit }: Case): boolean {
  return culprit.some((place) => {
    const [file, line] = place.split(":");
    return lines.some(
      ({ filename, lineno }) => filename.endsWith(`/${file}`) && Math.abs(lineno - Number(line)) <= 1,
    );
  });
}

const cases = (JSON.parse(readFileSync(join(here, "leaks/cases.json"), "utf8")) as Case[]).filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
const shares: number[] = [];
console.log(
  "| leak | V8, bytes per iteration | tracker | explained | line |\n| --- | ---: | ---: | ---: | --- |",
);
for (const each of cases) {
  const to = prepare(each);
  const [v8, tracker] = [run(to, false), run(to, true)];
  const share = tracker.growth / v8.growth;
  shares.push(share);
  const figures = [Math.round(v8.growth), Math.round(tracker.growth), `${(share * 100).toFixed(0)} %`];
  console.log(`| ${[each.name, ...figures, names(tracker, each) ? "named" : ""].join(" | ")} |`);
}
shares.sort((a, b) => a - b);
const median = shares[shares.length >> 1];
const well = shares.filter((share) => share >= BOUNDS.least).length;
const most = shares[shares.length - 1];
console.log(
  `${values.mode}: median ${(median * 100).toFixed(0)} %, ${well} of ${shares.length} at 80 % or more, at most ${(most * 100).toFixed(0)} %`,
);
process.exit(
  median >= BOUNDS.median && well >= Math.floor(shares.length * BOUNDS.share) && most <= BOUNDS.most ? 0 : 1,
);
