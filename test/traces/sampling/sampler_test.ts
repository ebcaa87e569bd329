import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { Random } from "../../../src/tables/random.ts";
import { ByteSampler } from "../../../src/traces/sampling/byte_sampler.ts";
import { AdaptiveSampler, type Sampler } from "../../../src/traces/sampling/sampler.ts";

const SEEDS = 100;

/** A number in (0, 1]. */
function unit(random: Random): number {
  return (random.next() + 1) / 2 ** 32;
}

/** What a sampler makes of so many allocations of one site, of which a share lives: the relative error of the estimate. */
function relativeError(
  sampler: Sampler,
  random: Random,
  run: { count: number; size: number; lives: number },
): number {
  let alive = 0;
  let estimate = 0;
  for (let i = 0; i < run.count; i++) {
    const decision = sampler.decide(7, run.size);
    if (unit(random) > run.lives) continue;
    alive++;
    if (decision >= 0) estimate += sampler.weight(decision, run.size);
  }
  return (estimate - alive) / alive;
}

function errors(
  make: (seed: number) => Sampler,
  run: { count: number; size: number; lives: number },
): number[] {
  return Array.from({ length: SEEDS }, (_, i) => relativeError(make(i + 1), new Random(1000 + i), run));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** Four standard errors of the mean: a sampler without bias exceeds it once in 16,000 times; the seeds are fixed. */
function assertUnbiased(found: readonly number[]): void {
  assertAlmostEquals(mean(found), 0, (4 * deviation(found)) / Math.sqrt(SEEDS) + 1e-12);
}

test("adaptive: all of the first 3072 are followed, each for itself", () => {
  const sampler = new AdaptiveSampler(1);
  for (let i = 0; i < 3072; i++) assertEquals(sampler.weight(sampler.decide(3)), 1);
  const later = Array.from({ length: 3072 }, () => sampler.decide(3));
  assertEquals(later.filter((decision) => decision >= 0).length, 1536);
  // Another site is at its own beginning.
  assertEquals(sampler.decide(4), 0);
});

test("adaptive: no bias, and no error at all where every object lives", () => {
  assertEquals(
    errors((seed) => new AdaptiveSampler(seed), { count: 3072 + 2 * 1536 + 4 * 1536, size: 32, lives: 1 }),
    new Array(SEEDS).fill(0),
  );
  for (const lives of [0.9, 0.4, 0.05]) {
    const found = errors((seed) => new AdaptiveSampler(seed), { count: 100_000, size: 32, lives });
    assertUnbiased(found);
    assert(deviation(found) < 0.02 / Math.sqrt(lives), `${deviation(found)} at ${lives}`);
  }
});

for (const [live, of, bound] of [
  [1000, 100_000, 0.15],
  [100_000, 1_000_000, 0.05],
] as const) {
  test(`adaptive: ${live} alive of ${of} are known within ${bound * 100} %, as a standard error`, () => {
    const found = errors((seed) => new AdaptiveSampler(seed), { count: of, size: 32, lives: live / of });
    assertUnbiased(found);
    assert(deviation(found) < bound, `${deviation(found)}`);
  });
}

test("bytes: no bias, and the error that the number of samples lets one expect", () => {
  for (const size of [16, 1000, 100_000]) {
    const run = { count: 20_000, size, lives: 0.5 };
    const found = errors((seed) => new ByteSampler(8192, seed), run);
    assertUnbiased(found);
    const samples = run.count * run.lives * (1 - Math.exp(-size / 8192));
    assert(deviation(found) < 1.5 / Math.sqrt(samples), `${deviation(found)} with ${samples} samples`);
  }
});

test("the same seed makes the same choices, another one others", () => {
  const choices = (seed: number): number[] => {
    const sampler = new AdaptiveSampler(seed);
    return Array.from({ length: 20_000 }, () => sampler.decide(0));
  };
  assertEquals(choices(5), choices(5));
  assertNotEquals(choices(5), choices(6));
});

test("adaptive: however long the run, one in 256 is followed, so that what a busy line keeps is still seen", () => {
  const sampler = new AdaptiveSampler(1);
  const COUNT = 5_000_000;
  const KEPT = 50_000; // the latest, as a ring buffer keeps them
  let smallest = 0;
  let estimate = 0;
  for (let i = 0; i < COUNT; i++) {
    const decision = sampler.decide(3);
    smallest = Math.max(smallest, decision);
    if (decision >= 0 && i >= COUNT - KEPT) estimate += sampler.weight(decision);
  }
  assertEquals(smallest, 8);
  assertAlmostEquals(estimate, KEPT, 2 * 256);
});

test("adaptive: the more busy lines there are, the fewer objects of each are followed, without bias", () => {
  const COUNT = 10_000;
  const run = (seed: number): { followed: number; estimate: number; error: number } => {
    const sampler = new AdaptiveSampler(seed);
    const random = new Random(seed);
    let [followed, estimate, alive] = [0, 0, 0];
    for (let site = 0; site < 300; site++) {
      for (let i = 0; i < COUNT; i++) {
        const decision = sampler.decide(site);
        if (decision >= 0) followed++;
        if (unit(random) > 0.5) continue;
        alive++;
        if (decision >= 0) estimate += sampler.weight(decision);
      }
    }
    return { followed, estimate, error: (estimate - alive) / alive };
  };
  const alone = new AdaptiveSampler(1);
  let ofOne = 0;
  for (let i = 0; i < COUNT; i++) if (alone.decide(0) >= 0) ofOne++;
  const runs = Array.from({ length: 5 }, (_, i) => run(i + 1));
  for (const { followed } of runs) assert(followed < (300 * ofOne) / 3, `${followed} of ${ofOne} each`);
  // 300 lines of which each has an error of about 8 %.
  assertAlmostEquals(mean(runs.map(({ error }) => error)), 0, 0.008);
  for (const { error } of runs) assertAlmostEquals(error, 0, 0.02);
});

test("adaptive: of a line that comes late, the first 48 are still followed, each for itself", () => {
  const sampler = new AdaptiveSampler(1);
  for (let site = 0; site < 1000; site++) for (let i = 0; i < 5000; i++) sampler.decide(site);
  for (let i = 0; i < 48; i++) assertEquals(sampler.decide(1000), 0);
  assertEquals(Array.from({ length: 20 }, () => sampler.decide(1000)).includes(-1), true);
});

test("adaptive: one line, however long it runs, takes nothing from the others", () => {
  const sampler = new AdaptiveSampler(1);
  for (let i = 0; i < 30_000_000; i++) sampler.decide(0);
  for (let i = 0; i < 3072; i++) assertEquals(sampler.decide(1), 0);
});
