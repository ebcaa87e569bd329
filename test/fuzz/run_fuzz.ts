import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assert, assertMatch } from "@std/assert";

/**
 * Makes and runs so many random programs, with and without instrumentation, and fails where one does something else. The
 * same programs each time (`FUZZ_SEED=1`), so that what was right stays so.
 */
export function runFuzz(runs: number): void {
  const script = fileURLToPath(new URL("long_run.ts", import.meta.url));
  const args = [script, "--runs", String(runs), "--seed", process.env.FUZZ_SEED ?? "1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  console.log(stdout.trim().slice(0, 10_000));
  assert(status === 0, `${stdout}\n${stderr}`);
  assertMatch(stdout, new RegExp(`^${runs} of ${runs} programs ran alike, seed \\d+\\n$`));
}
