// All leaks, with the larger heap of the report of November 2026: some minutes, so that test:tools has it.
import { test } from "node:test";
import { hosts } from "../hosts/host.ts";
import { LEAKS, QUIET, runOutOfMemory } from "../hosts/out_of_memory.ts";

for (const host of hosts) {
  // JavaScriptCore has no limit of its own that a program could be given.
  if (host === "bun") continue;
  for (const leak of Object.keys(LEAKS)) {
    // docs/processes.md has them.
    if (QUIET.includes(leak)) continue;
    test(`${host}, 256 MB: ${leak}`, () => runOutOfMemory(host, leak, 256));
  }
}
