// What the limits on files must never refuse: bench/million.ts measures what the commands take on it.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { largeSnapshot } from "../../bench/large_snapshot.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";

test("a million tracebacks of 25 frames, no two of them the same, load as they were dumped", () => {
  const snapshot = largeSnapshot({ traces: 1_000_000, depth: 25 });
  const loaded = Snapshot.fromBytes(snapshot.toBytes());
  assertEquals(
    [loaded.traces.length, loaded.columns.tracebacks.frames.length],
    [snapshot.traces.length, 25_000_000],
  );
  assert(loaded.equals(snapshot));
});
