// What `npm test` runs: format, lint and types, the build, then the tests on Node, Deno and Bun. `npm test -- bun lint`
// runs these legs alone. All legs run, whatever fails; the exit code is that of the first that failed.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { TestCounts } from "./count_tests.ts";
import { type Outcome, runLeg } from "./run_leg.ts";
import { type Leg, testLegs } from "./test_legs.ts";

/** At most so many legs at once: most have one thread, and "programs" takes what they leave. */
const LANES = Math.min(availableParallelism(), 3);

function choose(groups: ReturnType<typeof testLegs>, names: readonly string[]): readonly Leg[] {
  const { usual, ...onRequest } = groups;
  if (names.length === 0) return usual;
  const all = Object.values(groups).flat();
  const byName = new Map<string, readonly Leg[]>([
    ...all.map((leg) => [leg.name, [leg]] as const),
    ...Object.entries(onRequest),
  ]);
  const unknown = names.find((name) => !byName.has(name));
  if (unknown !== undefined) {
    const known = [...byName.keys()].join(", ");
    console.error(`npm test: unknown leg ${JSON.stringify(unknown)}; there are ${known}`);
    process.exit(2);
  }
  const wanted = new Set(names.flatMap((name) => byName.get(name) ?? []));
  return all.filter((leg) => wanted.has(leg));
}

/** Runs the legs, those that start later as soon as an earlier one has ended; outcomes in the order of the legs. */
async function runAll(legs: readonly Leg[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  // The build empties the folder that most tests run from.
  let next = 0;
  while (legs[next]?.isFirst) {
    outcomes[next] = await runLeg(legs[next]);
    next++;
  }
  const lane = async (): Promise<void> => {
    while (next < legs.length) {
      const own = next++;
      outcomes[own] = await runLeg(legs[own]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

function describe({ name, code, seconds, counts, missing }: Outcome): string {
  if (missing !== null) return `${name.padEnd(10)} ${"-".padStart(8)}  not run: ${missing}`;
  const verdict = code === 0 ? "ok" : `FAILED (exit code ${code})`;
  const skipped = counts !== null && counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const tests = counts === null ? "" : `: ${counts.passed} passed, ${counts.failed} failed${skipped}`;
  return `${name.padEnd(10)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${verdict}${tests}`;
}

const reports = mkdtempSync(join(tmpdir(), "tracemalloc-test-"));
const outcomes = await runAll(choose(testLegs(reports), process.argv.slice(2)));
rmSync(reports, { recursive: true, force: true });
const sum = (key: keyof TestCounts): number =>
  outcomes.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0);
// A leg without tests that fails counts as one failure: the closing line never reads as a success then.
const failedChecks = outcomes.filter(({ code, counts }) => code !== 0 && counts === null).length;
// Whoever sees only the end of a long log, as of continuous integration, sees why.
for (const { name, failures } of outcomes) {
  for (const failure of failures) console.log(`\n=== failed: ${name}\n${failure}`);
}
console.log(`\n=== summary\n${outcomes.map(describe).join("\n")}`);
console.log(`${sum("passed")} passed, ${sum("failed") + failedChecks} failed, ${sum("skipped")} skipped`);
process.exitCode = outcomes.find(({ code }) => code !== 0)?.code ?? 0;
