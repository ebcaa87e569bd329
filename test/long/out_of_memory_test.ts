// All leaks, with the smaller heap of the report of November 2026; out_of_large_memory_test.ts has the larger one.
import { test } from "node:test";
import { hosts } from "../hosts/host.ts";
import { AMID_GARBAGE, LEAKS, QUIET, runOutOfMemory, runProgramOutOfMemory } from "../hosts/out_of_memory.ts";

for (const host of hosts) {
  // JavaScriptCore has no limit of its own that a program could be given.
  if (host === "bun") continue;
  for (const leak of Object.keys(LEAKS)) {
    // docs/processes.md has them.
    if (QUIET.includes(leak)) continue;
    test(`${host}, 64 MB: ${leak}`, () => runOutOfMemory(host, leak, 64));
  }
}

// Where the heap can be asked what is alive within a job.
test("node: out of memory: amid garbage, in one job", () => runProgramOutOfMemory("node", AMID_GARBAGE, 128));
