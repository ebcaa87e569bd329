import { test } from "node:test";
import { assertEquals } from "@std/assert";
import {
  allocatedIn,
  doubtfulFiles,
  grownLines,
  type Rounds,
} from "../../../src/report/views/hunt_growth.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { type Row, snapshotOfRows } from "../html/models.ts";

function rounds(at: (round: number) => Row[], sampling = "adaptive"): Rounds {
  const snapshots = [0, 1, 2, 3, 4].map((round) => snapshotOfRows(at(round), { sampling }));
  return { snapshots, requests: [100, 100, 100, 100] };
}

test("of lines that have allocated more than is followed of each, adaptive figures are estimates", () => {
  const busy = (round: number): Row[] => [
    { at: ["app.ts:1"], size: 64, alive: 100 * round, allocated: 50_000 * round },
    { at: ["quiet.ts:1"], size: 64, alive: 100 * round, allocated: 100 * round },
  ];
  const estimates = (found: Rounds) => grownLines(found).map((line) => [line.filename, line.isEstimate]);
  assertEquals(estimates(rounds(busy)), [
    ["app.ts", true],
    ["quiet.ts", false],
  ]);
  assertEquals(estimates(rounds(busy, "exact")), [
    ["app.ts", false],
    ["quiet.ts", false],
  ]);
});

test("where estimates leave doubts, the exact run has the files of what may have grown, and the program's own", () => {
  // It goes up and down on its way up.
  const shaky = [0, 90, 80, 200, 190];
  const at = (round: number): Row[] => [
    { at: ["node_modules/x/a.js:1"], size: 64, alive: shaky[round]!, allocated: 50_000 },
    { at: ["node_modules/y/a.js:1"], size: 64, alive: 5, allocated: 50_000 },
    { at: ["app.ts:1"], alive: 5 },
  ];
  assertEquals(doubtfulFiles(rounds(at)).sort(), ["app.ts", "node_modules/x/a.js"]);
  assertEquals(doubtfulFiles(rounds(at, "exact")), []);
  const still = (): Row[] => [{ at: ["app.ts:1"], alive: 5, allocated: 50_000 }];
  assertEquals(doubtfulFiles(rounds(still)), []);
});

test("what a line holds is told by types, those that grew most first; of unknown origin nothing is said", () => {
  const at = (round: number): Row[] => [
    { at: ["a[1].ts:3"], type: "Map", size: 64, alive: 100 * round },
    { at: ["a[1].ts:3"], type: "Array", size: 640, alive: 100 * round },
    { at: ["a[1].ts:3"], type: "Object", size: 640, alive: 1 },
    { at: ["<unknown>:0"], size: 640, alive: 100 * round },
  ];
  const found = grownLines(rounds(at));
  assertEquals(
    found.map(({ filename, types, objectsPerRequest }) => [filename, types, objectsPerRequest]),
    [["a[1].ts", ["Array", "Map"], 2]],
  );
});

test("what the rounds have allocated is counted, alive or not", () => {
  const at = (round: number): Row[] => [{ at: ["app.ts:1"], alive: 1, allocated: 10 + 5 * round }];
  assertEquals(allocatedIn(rounds(at)), 20);
  assertEquals(allocatedIn({ snapshots: [new Snapshot(snapshotOfRows(at(0)).columns)], requests: [] }), 0);
});
