// What an entry's blocks are: a line that adds a listener has the function and the listener, which are not two of the same.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import { kindsGrowth, kindsText } from "../../../src/report/text/kind_texts.ts";
import { kindsOf, kindsOfDiff, resourceCounts } from "../../../src/report/views/resource_counts.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { VIEW } from "../fixtures.ts";

function rows(domains: readonly number[], line: number): RawTrace[] {
  return domains.map((domain): RawTrace => [domain, 8, [["a.ts", line]]]);
}

test("resourceCounts() has the lines with timers, listeners or suspended calls alone, and nothing where one domain is looked at", () => {
  const snapshot = Snapshot.fromTraces(
    [...rows([0, 0, 4, 3], 1), ...rows([0, 2, 5], 2), ...rows([0, 1], 3)],
    1,
  );
  assertEquals(
    [...resourceCounts(snapshot, VIEW)],
    [
      ["a.ts:1", { objects: 2, timers: 1, listeners: 1, calls: 0 }],
      ["a.ts:2", { objects: 1, timers: 0, listeners: 0, calls: 1 }],
    ],
  );
  assertEquals(resourceCounts(snapshot, { ...VIEW, by: "filename" }).get("a.ts:0")?.objects, 4);
  assertEquals(resourceCounts(snapshot, { ...VIEW, domain: 4 }).size, 0);
});

test("kinds add up to the count, and what is no object is a block", () => {
  const counts = { objects: 1, timers: 0, listeners: 1, calls: 1 };
  assertEquals(kindsText(kindsOf(3, counts)), "1 object, 1 listener, 1 suspended call");
  assertEquals(kindsText(kindsOf(1502, counts)), "1,500 blocks, 1 listener, 1 suspended call");
});

test("kinds of a comparison have what is gone, too", () => {
  const counts = { objects: 2, timers: 0, listeners: 2, calls: 0 };
  const gone = kindsOfDiff({ count: 3, counts: undefined }, { count: 4, counts });
  assertEquals(kindsGrowth(gone), "+1 object, -2 listeners");
});
