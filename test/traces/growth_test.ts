// Containers are measured again when a snapshot is taken, however many there are.
import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../mod.ts";
import { sizes } from "../../src/track/sizes/size.ts";
import { grownSizes } from "../../src/track/sizes/size_grown.ts";
import { instrumented } from "../instrumented.ts";

const LINES = 200;
const PER_LINE = 1000;

const makers = Array.from({ length: LINES }, () => "() => [],");
const program = await instrumented(`
  export const cache = () => new Map();
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
