import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { RawTrace } from "../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { packageKeysOf } from "../../src/statistics/package_keys_in_page.ts";

const ROUTER = "/app/node_modules/express/lib/router.js";
const ZOD = "/app/node_modules/.pnpm/zod@4.4.3/node_modules/zod/index.js";
const OWN = "/app/src/server.ts";

// The most recent frame first.
const RAW: RawTrace[] = [
  [
    0,
    100,
    [
      [ROUTER, 7],
      [OWN, 12],
      [OWN, 3],
    ] as RawTrace[2],
  ],
  [
    0,
    40,
    [
      [ZOD, 1],
      [ROUTER, 9],
      [OWN, 12],
    ] as RawTrace[2],
  ],
  [0, 10, [[OWN, 3]]],
  [0, 5, [[ZOD, 2]]],
  [0, 1, [["<unknown>", 0]]],
];
const SNAPSHOT = Snapshot.fromTraces(RAW, 3);

const figures = (snapshot: Snapshot, by: "package" | "ownline", cumulative = false) =>
  snapshot.statistics(by, cumulative).map(({ key, size, count }) => [key, size, count]);

test("by package: the package of the line that allocated", () => {
  assertEquals(figures(SNAPSHOT, "package"), [
    ["express", 100, 1],
    ["zod", 45, 2],
    ["<own code>", 10, 1],
    ["<unknown>", 1, 1],
  ]);
  const [first] = SNAPSHOT.statistics("package");
  assertEquals(first!.traceback.length, 0);
  assertEquals(String(first), "express: size=100 B, count=1, average=100 B");
});

test("by package, cumulative: every frame is charged, as by file", () => {
  assertEquals(figures(SNAPSHOT, "package", true), [
    ["<own code>", 250, 4],
    ["express", 140, 2],
    ["zod", 45, 2],
    ["<unknown>", 1, 1],
  ]);
});

test("by own line: the most recent line that is no dependency's", () => {
  assertEquals(figures(SNAPSHOT, "ownline"), [
    [`${OWN}:12`, 140, 2],
    [`${OWN}:3`, 10, 1],
    ["<no line of the program's own>", 6, 2],
  ]);
  const [first, , none] = SNAPSHOT.statistics("ownline");
  assertEquals(String(first!.traceback.at(-1)), `${OWN}:12`);
  assertEquals(none!.traceback.length, 0);
  assertThrows(() => SNAPSHOT.statistics("ownline", true), RangeError, "cumulative");
});

test("packages and own lines of two snapshots are compared by their names", () => {
  // Other files first, so that equal keys have other numbers in it.
  const older = Snapshot.fromTraces(
    [
      RAW[3]!,
      RAW[2]!,
      [
        0,
        60,
        [
          [ROUTER, 7],
          [OWN, 12],
        ] as RawTrace[2],
      ],
    ],
    3,
  );
  const grown = (by: "package" | "ownline") =>
    SNAPSHOT.compareTo(older, by).map(({ key, sizeDiff }) => [key, sizeDiff]);
  assertEquals(grown("package"), [
    ["express", 40],
    ["zod", 40],
    ["<unknown>", 1],
    ["<own code>", 0],
  ]);
  assertEquals(grown("ownline"), [
    [`${OWN}:12`, 80],
    ["<no line of the program's own>", 1],
    [`${OWN}:3`, 0],
  ]);
  assertEquals(
    SNAPSHOT.statistics("package").reduce((sum, { size }) => sum + size, 0),
    156,
  );
});

test("pages know neither", () => assert(packageKeysOf() === null));
