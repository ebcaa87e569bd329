import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertMatch } from "@std/assert";
import { makeProgram } from "./program.ts";

// Realms of their own, whose promise jobs can be run at once, are V8's and Node's.
const isNode = !("Deno" in globalThis) && !("Bun" in globalThis);
// The same programs each time, so that what was right stays so; new ones are the long run's.
const runs = Number(process.env.FUZZ_RUNS ?? 2500);

test("random programs do the same when they are instrumented", { skip: !isNode }, () => {
  const script = fileURLToPath(new URL("long_run.ts", import.meta.url));
  const args = [script, "--runs", String(runs), "--seed", process.env.FUZZ_SEED ?? "1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  console.log(stdout.trim().slice(0, 10_000));
  assert(status === 0, `${stdout}\n${stderr}`);
  assertMatch(stdout, new RegExp(`^${runs} of ${runs} programs ran alike, seed \\d+\\n$`));
});

test("the same choices make the same program, and none make a program too", () => {
  const bytes = Array.from({ length: 300 }, (_, i) => (i * 7919) % 256);
  const { source } = makeProgram(bytes);
  assert(source === makeProgram(bytes).source);
  assert(source.length > 300);
  assert(makeProgram([]).source.includes("L(["));
});
