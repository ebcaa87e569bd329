// Containers are measured again when a snapshot is taken, however many there are.
import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { collect, getTracedMemory, Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { atPeak } from "../../../src/report/views/at_peak.ts";
import { sizes } from "../../../src/track/sizes/size.ts";
import { grownSizes } from "../../../src/track/sizes/size_grown.ts";
import { instrumented } from "../../instrumented.ts";

const LINES = 200;
const PER_LINE = 1000;

const makers = Array.from({ length: LINES }, () => "() => [],");
const program = await instrumented(`
  export const cache = () => new Map();
  export const pass = (n, isSeen) => {
    const map = new Map();
    for (let i = 0; i < n; i++) map.set(i, { i });
    for (let i = 0; i < 1_000_000 && !isSeen(); i++) for (let k = 0; k < 10_000; k++) ({ k });
    return map.size;
  };
  export function Fake() {}
  Fake.prototype = Object.create(Map.prototype);
  export const fake = () => new Fake();
  export const makers = [
    ${makers.join("\n    ")}
  ];
`);

test("more live containers than are watched: a cache is measured exactly, the lines of many are estimated", () => {
  start({ sampling: "exact", seed: 7 });
  try {
    const cache: Map<number, number> = program.cache();
    const kept: number[][] = [];
    for (let i = 0; i < PER_LINE; i++) {
      for (const make of program.makers) kept.push(make());
    }
    for (let i = 0; i < 1000; i++) cache.set(i, i);
    // Half of each line's grow.
    kept.forEach((array, i) => {
      if (Math.floor(i / LINES) % 2 === 0) for (let k = 0; k < 100; k++) array.push(k);
    });
    const statistics = takeSnapshot().statistics("lineno");
    assertEquals(
      statistics.filter(({ count }) => count === 1).map(({ size }) => size),
      [sizes.map(1000)],
    );
    const lines = statistics.filter(({ count }) => count === PER_LINE);
    assertEquals(lines.length, LINES);
    const truth = (PER_LINE / 2) * (grownSizes(sizes).grownArray(0, 100) + sizes.array(0));
    const mean = lines.reduce((sum, { size }) => sum + size, 0) / LINES;
    assertAlmostEquals(mean, truth, truth * 0.02);
    for (const { size } of lines) assertAlmostEquals(size, truth, truth * 0.5);
    assert(kept.length === LINES * PER_LINE);
  } finally {
    stop();
  }
});

test("what only inherits from a Map is no Map, and a Map remains one whatever it inherits from", () => {
  start({ sampling: "exact" });
  try {
    const fake = program.fake();
    const cache = program.cache();
    for (let i = 0; i < 1000; i++) cache.set(i, i);
    Object.setPrototypeOf(cache, null);
    const alive = takeSnapshot()
      .statistics("lineno")
      .filter(({ count }) => count > 0);
    assertEquals(alive[0].size, sizes.map(1000));
    assertEquals(alive.length, 2);
    assert(alive[1].size < 200 && fake !== null);
  } finally {
    stop();
  }
});

/** The most bytes that a line's containers were seen to grow by. */
function seenToGrow(): number {
  return Math.max(0, ...(currentSession()!.blocks.grown?.ever.values() ?? []));
}

for (const sampling of ["exact", "adaptive"] as const) {
  test(`${sampling}: the peak has what a Map had grown to that is gone`, async () => {
    start({ sampling, seed: 7 });
    try {
      const least = sizes.map(200_000) / 2;
      // When it is looked at is a question of time: the program goes on until it has been.
      const count = program.pass(200_000, () => seenToGrow() > least);
      assertEquals(count, 200_000);
      await collect();
      const { current, peak } = getTracedMemory();
      assert(current < 1000, `${current} B`);
      const mapOf = (snapshot: Snapshot) => snapshot.statistics("type").find(({ key }) => key === "Map")!;
      const atItsPeak = mapOf(takeSnapshot({ at: "peak" }));
      assert(atItsPeak.size > least && atItsPeak.size < peak, `${atItsPeak.size} of ${peak}`);
      const { size, allocatedSize } = mapOf(takeSnapshot());
      assert(size === 0 && allocatedSize >= atItsPeak.size, `${size}, ${allocatedSize}`);
      assertEquals(mapOf(atPeak(Snapshot.fromBytes(takeSnapshot().toBytes()))!).size, atItsPeak.size);
    } finally {
      stop();
    }
  });
}
