// What `npm test` runs: format, lint and types, the build, then the tests on Node, Deno and Bun. `npm test -- bun lint`
// runs these legs alone. All legs run, whatever fails; the exit code is that of the first that failed.
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests, skipReason, type TestCounts } from "./count_tests.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const reports = mkdtempSync(join(tmpdir(), "tracemalloc-test-"));

/** These start programs on all three runtimes themselves: once is enough. */
const SPAWNING = /^test[\\/](?:hosts|cli|examples|packages|integrations)[\\/]/;
/** For tests that start processes; Bun's own limit is 5 s. */
const TEST_TIMEOUT_MS = 120_000;
/** Some of `npm run test:all` install frameworks from the registry first. */
const LONG_TEST_TIMEOUT_MS = 300_000;
const LEG_TIMEOUT_MS = 15 * 60_000;

interface Leg {
  name: string;
  /** What the tests are told that they run on; absent: the leg runs no tests. */
  runtime?: string;
  commands: string[][];
  /** Where the last command writes its JUnit report; absent: the leg runs no tests. */
  report?: string;
}

interface Outcome {
  name: string;
  code: number;
  seconds: number;
  counts: TestCounts | null;
  /** Why nothing ran; null where something did. */
  missing: string | null;
}

const everything = globSync("test/**/*_test.ts", { cwd: root }).sort();
/** These drive real browsers. */
const BROWSER = /^test[\\/]browser[\\/]/;
/** These take longer than a developer waits: `npm run test:all` runs them, and continuous integration does. */
const LONG = /^test[\\/]all[\\/]/;
const files = everything.filter((file) => !BROWSER.test(file) && !LONG.test(file));
/** These measure the heap of the process that they run in, which Deno and Bun share among all files of a run. */
const MEASURING = /[\\/](?:self_size|size|memory)_test\.ts$/;
const shared = files.filter((file) => !SPAWNING.test(file) && !MEASURING.test(file));
const measuring = files.filter((file) => MEASURING.test(file));
// Without names, each runtime would look for tests itself, and find others.
if (shared.length === 0) throw new Error(`npm test: no test files in ${join(root, "test")}`);

const LEGS: readonly Leg[] = [
  { name: "lint", commands: [["biome", "check", "--error-on-warnings", "."]] },
  {
    name: "types",
    commands: [
      ["tsc", "-p", "tsconfig.json", "--noEmit"],
      ["tsc", "-p", "tsconfig.browser.json"],
      ["tsc", "-p", "tsconfig.test.json"],
    ],
  },
  { name: "build", commands: [["node", "scripts/build.ts"]] },
  testLeg("node", (report) => [nodeTest(report, files, availableParallelism())]),
  testLeg("deno", (report) => [denoTest(report, shared)]),
  testLeg("deno sizes", (report) => [denoTest(report, measuring)], "deno"),
  testLeg("bun", (report) => [bunTest(report, shared)]),
  testLeg("bun sizes", (report) => [bunTest(report, measuring)], "bun"),
  testLeg(
    "browser",
    (report) => [
      nodeTest(
        report,
        everything.filter((file) => BROWSER.test(file)),
        1,
      ),
    ],
    "node",
  ),
];
/** What `npm run test:all` runs, and nothing else runs without being asked. */
const LONG_LEGS: readonly Leg[] = [
  testLeg(
    "long",
    (report) => [
      nodeTest(
        report,
        everything.filter((file) => LONG.test(file)),
        1,
        LONG_TEST_TIMEOUT_MS,
      ),
    ],
    "node",
  ),
];

function nodeTest(
  report: string,
  chosen: readonly string[],
  concurrency: number,
  timeout: number = TEST_TIMEOUT_MS,
): string[] {
  return [
    ...["node", "--test", `--test-concurrency=${concurrency}`, `--test-timeout=${timeout}`],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=junit", `--test-reporter-destination=${report}`],
    ...chosen,
  ];
}

function denoTest(report: string, chosen: readonly string[]): string[] {
  return ["deno", "test", "-A", "--no-check", `--junit-path=${report}`, ...chosen];
}

function bunTest(report: string, chosen: readonly string[]): string[] {
  const options = [`--timeout=${TEST_TIMEOUT_MS}`, "--reporter=junit", `--reporter-outfile=${report}`];
  return ["bun", "test", ...options, ...chosen.map((file) => `./${file}`)];
}

function testLeg(name: string, commands: (report: string) => string[][], runtime = name): Leg {
  const report = join(reports, `${name.replace(" ", "-")}.xml`);
  return { name, runtime, commands: commands(report), report };
}

/** Runs a leg's commands up to the first that fails. */
function run({ name, runtime = name, commands, report }: Leg): Outcome {
  console.log(`\n=== ${name}`);
  const begin = performance.now();
  let code = 0;
  for (const [program, ...args] of commands) {
    if (code === 0) code = runCommand(program, args, runtime);
  }
  const seconds = (performance.now() - begin) / 1000;
  if (report === undefined) return { name, code, seconds, counts: null, missing: null };
  const text = readReport(report);
  const counts = countTests(text);
  // A file that cannot be loaded is a failure to some runtimes, and nothing but an exit code to others.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0 && code === 0) code = 1;
  if (code !== 0 || counts.passed > 0) return { name, code, seconds, counts, missing: null };
  // A machine that lacks what all of a leg's tests need (a browser) is not at fault: the summary says what is missing.
  // Where it must be there, as in continuous integration, the tests fail instead of skipping (TEST_REQUIRE_BROWSERS).
  if (counts.skipped > 0) return { name, code, seconds, counts, missing: skipReason(text) };
  console.error(`${name}: no test ran`);
  return { name, code: 1, seconds, counts, missing: null };
}

function runCommand(program: string, args: readonly string[], leg: string): number {
  const { status, signal, error } = spawnSync(program, args, {
    cwd: root,
    env: environment(leg),
    stdio: ["ignore", "inherit", "inherit"],
    timeout: LEG_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  else if (signal !== null) console.error(`${program}: ended by ${signal}`);
  return status ?? 1;
}

/** The repository's own runtimes come first; nothing of the caller's changes what the tests see. */
function environment(leg: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:TRACEMALLOC|NODE_OPTIONS$|NODE_TEST|BUN_OPTIONS$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    TRACEMALLOC_TEST_LEG: leg,
    DENO_NO_UPDATE_CHECK: "1",
  };
}

function readReport(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function describe({ name, code, seconds, counts, missing }: Outcome): string {
  if (missing !== null) return `${name.padEnd(6)} ${"-".padStart(8)}  not run: ${missing}`;
  const verdict = code === 0 ? "ok" : `FAILED (exit code ${code})`;
  const skipped = counts !== null && counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const tests = counts === null ? "" : `: ${counts.passed} passed, ${counts.failed} failed${skipped}`;
  return `${name.padEnd(6)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${verdict}${tests}`;
}

function chosen(names: readonly string[]): readonly Leg[] {
  const all = [...LEGS, ...LONG_LEGS];
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`npm test: unknown leg ${JSON.stringify(unknown)}; there are ${known.join(", ")}`);
    process.exit(2);
  }
  return names.length === 0 ? LEGS : all.filter(({ name }) => names.includes(name));
}

const outcomes = chosen(process.argv.slice(2)).map(run);
rmSync(reports, { recursive: true, force: true });
const sum = (key: keyof TestCounts): number =>
  outcomes.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0);
// A leg without tests that fails counts as one failure: the closing line never reads as a success then.
const failedChecks = outcomes.filter(({ code, counts }) => code !== 0 && counts === null).length;
console.log(`\n=== summary\n${outcomes.map(describe).join("\n")}`);
console.log(`${sum("passed")} passed, ${sum("failed") + failedChecks} failed, ${sum("skipped")} skipped`);
process.exitCode = outcomes.find(({ code }) => code !== 0)?.code ?? 0;
