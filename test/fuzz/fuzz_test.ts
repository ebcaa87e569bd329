import { test } from "node:test";
import { assert } from "@std/assert";
import { makeProgram } from "./program.ts";
import { runFuzz } from "./run_fuzz.ts";

// Realms of their own, whose promise jobs can be run at once, are V8's and Node's.
const isNode = !("Deno" in globalThis) && !("Bun" in globalThis);

// Five times as many run in `npm run test:all`.
test("random programs do the same when they are instrumented", { skip: !isNode }, () => {
  runFuzz(Number(process.env.FUZZ_RUNS ?? 500));
});

test("the same choices make the same program, and none make a program too", () => {
  const bytes = Array.from({ length: 300 }, (_, i) => (i * 7919) % 256);
  const { source } = makeProgram(bytes);
  assert(source === makeProgram(bytes).source);
  assert(source.length > 300);
  assert(makeProgram([]).source.includes("L(["));
});
