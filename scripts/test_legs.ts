// The legs of `npm test` and `npm run test:all`: which files run where, and by which command.
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** These start programs on all three runtimes themselves: once is enough. */
const SPAWNING = /^test[\\/](?:hosts|cli|examples|integrations)[\\/]/;
/** These collect garbage many times, which takes Deno and Bun seconds, and more the more tests share their heap. */
const COLLECTING =
  /[\\/](?:byte_session|exact_mode|liveness|marks|resource_leaks|sampling|testing)_test\.ts$/;
/**
 * What other tests do in the one process of Bun's: @babel/core defines `Error.prepareStackTrace`, so that Bun hears of no more assignments
 * to it; code without calls is registered, so that sessions take their paths from the stack; what asks the network by what was there when it was
 * loaded has been loaded; emitters with 100,000 listeners take 8 s alone, and 120 in a heap that others have filled.
 */
const APART_ON_BUN = /[\\/](?:emitters|hide_frames|sampling|script_places|tracing)_test\.ts$/;
/** These work on texts, where engines differ little: Deno and Bun run them in `npm run test:all`. */
const OF_TEXTS =
  /^test[\\/](?:layout_test|(?:instrument|plugin[\\/]babel|report|scripts|snapshot[\\/]pprof)[\\/])/;
/** These drive real browsers. */
const BROWSER = /^test[\\/]browser[\\/]/;
/**
 * These take longer than a developer waits: `npm run test:long` runs them, and continuous integration does. Those outside of test/long/ lie
 * beside others of what they test.
 */
const LONG =
  /^test[\\/](?:long[\\/]|cli[\\/](?:deep_paths|dump_file|hunt|instrument|live|mcp|run_command|signals|special_output|why)_test|hosts[\\/](?:control|coverage|early_dump|exit|follow|heap_report|live_why|look_for_made|one_core|sampled_paths)_test|examples[\\/]price_list_test)/;
/** Of these, what installs other tools from the registry, drives them, hunts by the minute, or fills 256 MB again and again: `npm run test:tools`. */
const WITH_TOOLS =
  /^test[\\/]long[\\/](?:action|components|hunt|mcp_hunt|metro|next|out_of_large_memory|package_managers|run_commands|run_tools|suspects|test_reports)_test\.ts$/;
/** About half of the time of the others: two legs go side by side. */
const FIRST_HALF =
  /[\\/](?:collect_load|control|coverage|early_dump|follow|heap_report|leak_checks|look_for_made|out_of_memory|request_leak|signals)_test\.ts$/;
/** These measure the heap of the process that they run in, which Deno and Bun share among all files of a run. */
const MEASURING = /[\\/](?:self_size|size|memory)_test\.ts$/;
/** For tests that start processes; Bun's own limit is 5 s. */
const TEST_TIMEOUT_MS = 120_000;
/** Some of `npm run test:all` install frameworks from the registry first. */
const LONG_TEST_TIMEOUT_MS = 300_000;

/** One line of the summary. */
export interface Leg {
  name: string;
  /** What the tests are told that they run on; absent: the leg's name. */
  runtime?: string;
  commands: string[][];
  /** Where the last command writes its JUnit report; absent: the leg runs no tests. */
  report?: string;
  /** Runs before all others, alone. */
  isFirst?: boolean;
}

function isFirstHalf(file: string): boolean {
  return FIRST_HALF.test(file);
}

/** What Deno and Bun run when all is asked for. */
function isLater(file: string): boolean {
  return COLLECTING.test(file) || OF_TEXTS.test(file);
}

/** The legs that run without being asked, and those of `npm run test:long` and `test:tools`, which `test:all` runs; reports go to a folder of that name. */
export function testLegs(reports: string): Record<"usual" | "long" | "tools", readonly Leg[]> {
  const everything = globSync("test/**/*_test.ts", { cwd: root }).sort();
  const files = everything.filter((file) => !BROWSER.test(file) && !LONG.test(file));
  const shared = files.filter((file) => !SPAWNING.test(file) && !MEASURING.test(file));
  const measuring = files.filter((file) => MEASURING.test(file));
  // Without names, each runtime would look for tests itself, and find others.
  if (shared.length === 0) throw new Error(`npm test: no test files in ${join(root, "test")}`);
  const programs = files.filter((file) => SPAWNING.test(file));
  const inBrowsers = everything.filter((file) => BROWSER.test(file));
  const long = everything.filter((file) => LONG.test(file) && !WITH_TOOLS.test(file));
  const tools = everything.filter((file) => WITH_TOOLS.test(file));
  const leg = (name: string, command: (report: string) => string[], runtime = name): Leg => {
    const report = join(reports, `${name.replace(" ", "-")}.xml`);
    return { name, runtime, commands: [command(report)], report };
  };
  return {
    usual: [
      { name: "build", commands: [["node", "scripts/build.ts"]], isFirst: true },
      // Two go side by side: the longest first.
      leg(
        "programs",
        (report) => nodeTest(report, programs, Math.max(1, availableParallelism() - 1)),
        "node",
      ),
      leg("node", (report) => nodeTest(report, [...shared, ...measuring], 1)),
      leg("deno", (report) =>
        denoTest(
          report,
          shared.filter((file) => !isLater(file)),
        ),
      ),
      leg("bun", (report) =>
        bunTest(
          report,
          shared.filter((file) => !APART_ON_BUN.test(file) && !isLater(file)),
        ),
      ),
      {
        name: "types",
        commands: [
          ["tsc", "-p", "tsconfig.json", "--noEmit"],
          ["tsc", "-p", "tsconfig.browser.json"],
          ["tsc", "-p", "tsconfig.test.json"],
        ],
      },
      leg(
        "bun apart",
        (report) =>
          bunTest(
            report,
            shared.filter((file) => APART_ON_BUN.test(file)),
          ),
        "bun",
      ),
      { name: "lint", commands: [["biome", "check", "--error-on-warnings", "."]] },
      leg("browser", (report) => nodeTest(report, inBrowsers, 1), "node"),
    ],
    long: [
      leg(
        "long tests",
        (report) => nodeTest(report, long.filter(isFirstHalf), 1, LONG_TEST_TIMEOUT_MS),
        "node",
      ),
      leg(
        "more long",
        (report) =>
          nodeTest(
            report,
            long.filter((file) => !isFirstHalf(file)),
            1,
            LONG_TEST_TIMEOUT_MS,
          ),
        "node",
      ),
      leg(
        "more deno",
        (report) =>
          denoTest(
            report,
            shared.filter((file) => isLater(file)),
          ),
        "deno",
      ),
      leg(
        "more bun",
        (report) =>
          bunTest(
            report,
            shared.filter((file) => isLater(file) && !APART_ON_BUN.test(file)),
          ),
        "bun",
      ),
      leg("deno sizes", (report) => denoTest(report, measuring), "deno"),
      leg("bun sizes", (report) => bunTest(report, measuring), "bun"),
    ],
    tools: [leg("tools", (report) => nodeTest(report, tools, 1, LONG_TEST_TIMEOUT_MS), "node")],
  };
}

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
