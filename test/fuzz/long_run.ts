// node test/fuzz/long_run.ts --runs 100000 --seed 7
// Ends with 0 when no program differs; else prints the smallest that does, and the seed that finds it again.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { start } from "../../mod.ts";
import { compare } from "./execute.ts";
import { makeProgram } from "./program.ts";

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 2000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

// The programs reject promises that nobody waits for.
process.on("unhandledRejection", () => {});
start(25);

let programs = 0;
let parsed = 0;
let isFound = false;
const bytes = fc.uint8Array({ minLength: 20, maxLength: 1000, size: "max" });
const result = fc.check(
  fc.property(bytes, (list) => {
    const program = makeProgram(list);
    programs++;
    const problem = compare(program);
    if (problem !== null) {
      // Making it smaller can take minutes.
      if (!isFound) console.log(`found one with seed ${seed} after ${programs} programs; making it smaller`);
      isFound = true;
      throw new Error(problem);
    }
    parsed++;
  }),
  { numRuns: runs, seed },
);
if (result.failed) {
  const program = makeProgram(result.counterexample![0]);
  console.log(
    `seed ${seed}, after ${result.numRuns} programs:\n--- program (${program.sourceType})\n${program.source}`,
  );
  console.log(compare(program));
  process.exitCode = 1;
} else console.log(`${parsed} of ${programs} programs ran alike, seed ${seed}`);
