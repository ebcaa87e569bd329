// All leaks, with the heaps of the report of November 2026: 64 and 256 MB.
import { test } from "node:test";
import { hosts } from "../hosts/host.ts";
import { AMID_GARBAGE, LEAKS, QUIET, runOutOfMemory, runProgramOutOfMemory } from "../hosts/out_of_memory.ts";

for (const host of hosts) {
  // JavaScriptCore has no limit of its own that a program could be given.
  if (host === "bun") continue;
  for (const megabytes of [64, 256]) {
    for (const leak of Object.keys(LEAKS)) {
      // docs/processes.md has them.
      if (QUIET.includes(leak)) continue;
      test(`${host}, ${megabytes} MB: ${leak}`, () => runOutOfMemory(host, leak, megabytes));
    }
  }
}

// Where the heap can be asked what is alive within a job.
test("node: out of memory: amid garbage, in one job", () => runProgramOutOfMemory("node", AMID_GARBAGE, 128));
