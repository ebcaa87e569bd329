// Runs one leg's commands, and reads from its report what its tests did.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests, failuresOf, skipReason, type TestCounts } from "./count_tests.ts";
import type { Leg } from "./test_legs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const LEG_TIMEOUT_MS = 15 * 60_000;
/** So many lines of a leg that failed without a failing test are said again. */
const LAST_LINES = 30;

/** What became of a leg. */
export interface Outcome {
  name: string;
  code: number;
  seconds: number;
  counts: TestCounts | null;
  /** What failed, to be said again at the end: the tests with their messages, or the last lines of a leg without tests. */
  failures: readonly string[];
  /** Why nothing ran; null where something did. */
  missing: string | null;
}

/** Runs a leg's commands up to the first that fails, and prints what they printed when they are through: others run beside it. */
export async function runLeg({ name, runtime = name, commands, report }: Leg): Promise<Outcome> {
  const begin = performance.now();
  let output = "";
  let code = 0;
  for (const [program, ...args] of commands) {
    if (code !== 0) break;
    const ended = await runCommand(program, args, runtime);
    output += ended.output;
    code = ended.code;
  }
  const seconds = (performance.now() - begin) / 1000;
  console.log(`\n=== ${name}\n${output}`);
  const tests = report === undefined ? "" : readReport(report);
  const failures = failuresOf(tests);
  // A process that died, or a file that cannot be loaded, is in no report.
  if (code !== 0 && failures.length === 0)
    failures.push(output.trimEnd().split("\n").slice(-LAST_LINES).join("\n"));
  const outcome = { name, code, seconds, counts: null, failures, missing: null };
  return report === undefined ? outcome : judge(outcome, tests);
}

function judge(outcome: Outcome, report: string): Outcome {
  const counts = countTests(report);
  let { code } = outcome;
  // A file that cannot be loaded is a failure to some runtimes, and nothing but an exit code to others.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0 && code === 0) code = 1;
  if (code !== 0 || counts.passed > 0) return { ...outcome, code, counts };
  // A machine that lacks what all of a leg's tests need (a browser) is not at fault: the summary says what is missing.
  // Where it must be there, as in continuous integration, the tests fail instead of skipping (TEST_REQUIRE_BROWSERS).
  if (counts.skipped > 0) return { ...outcome, counts, missing: skipReason(report) };
  console.error(`${outcome.name}: no test ran`);
  return { ...outcome, code: 1, counts };
}

function runCommand(
  program: string,
  args: readonly string[],
  leg: string,
): Promise<{ code: number; output: string }> {
  const child = spawn(program, args, {
    cwd: root,
    env: environment(leg),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LEG_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => parts.push(text));
  }
  return new Promise((resolve) => {
    const end = (code: number, line = ""): void => resolve({ code, output: parts.join("") + line });
    child.on("error", ({ message }) => end(1, `${program}: ${message}\n`));
    child.on("close", (code, signal) =>
      end(code ?? 1, signal === null ? "" : `${program}: ended by ${signal}\n`),
    );
  });
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
