import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { Snapshot, SnapshotFormatError } from "../../../mod.ts";
import { deltaProfile } from "../../../src/snapshot/merge/delta.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";

const A: RawTrace = [0, 10, [["a.js", 1]], 1];
const B: RawTrace = [
  0,
  20,
  [
    ["b.js", 2],
    ["a.js", 1],
  ],
  7,
];
const C: RawTrace = [16, 30, [["c.js", 3]]];

function snapshot(...traces: RawTrace[]): Snapshot {
  return Snapshot.fromTraces(traces, 5);
}

test("what is new is what the difference holds, whatever the order of either snapshot's tables", () => {
  const bytes = deltaProfile({ old: snapshot(B, A), now: snapshot(C, A, C, B, B) });
  assertEquals(Snapshot.fromBytes(bytes).equals(snapshot(C, C, B)), true);
});

test("what is gone is negative, which no snapshot is", () => {
  const bytes = deltaProfile({ old: snapshot(A, B), now: snapshot(A) });
  assertThrows(
    () => Snapshot.fromBytes(bytes),
    SnapshotFormatError,
    "differences of profiles are no snapshot",
  );
});
