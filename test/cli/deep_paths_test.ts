// The rest of the commands are in test/long.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { DEPTH, FILES, testCommand } from "./deep_commands.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

testCommand("top --by traceback deep.pb.gz", DEPTH);
testCommand("export deep.pb.gz --format heapprofile -o out", 0);
testCommand("report deep.pb.gz -o out", 0);

test("tracemalloc tree: a path that deep is one branch, and merged it is whole", () => {
  const files = { "deep.pb.gz": FILES["deep.pb.gz"]!(), "other.pb.gz": FILES["other.pb.gz"]!() };
  return withFolder(files, (cwd) => {
    const { stdout, stderr } = tracemalloc(["tree", "deep.pb.gz"], { cwd });
    const calls = stdout.split("\n").filter((line) => line.includes("deep.js:"));
    assertEquals(calls.length, DEPTH, stderr);
    assertMatch(calls.at(-1)!, /100\.0 % +100 B {2}deep\.js:1$/);
    tracemalloc(["merge", "deep.pb.gz", "other.pb.gz", "-o", "out"], { cwd });
    const merged = Snapshot.fromBytes(readFileSync(join(cwd, "out")));
    const lengths = [...merged.traces].map(({ traceback }) => traceback.length);
    assertEquals(
      lengths.sort((a, b) => a - b),
      [1, DEPTH],
    );
  });
});
