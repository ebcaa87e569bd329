// Exact mode's table while no walk has told what is alive: deaths are estimated, and each is somebody's.
import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../../src/tables/random.ts";
import { ExactBlocks } from "../../../src/traces/liveness/exact_blocks.ts";
import { AdaptiveSampler } from "../../../src/traces/sampling/sampler.ts";

const SEEDS = 10;
const SITE = 1;

interface Block {
  readonly row: number;
  readonly decision: number;
}

/** A line whose objects are made by many paths, and of three sizes. */
class Line {
  readonly blocks: ExactBlocks;
  readonly #sampler: AdaptiveSampler;
  readonly #type: number;
  readonly #rows = new Map<number, number>();

  constructor(seed: number) {
    this.blocks = new ExactBlocks(1, seed);
    this.#sampler = new AdaptiveSampler(seed);
    this.#type = this.blocks.typeOf("Object", 0);
  }

  make(path: number): Block {
    const { blocks } = this;
    let row = this.#rows.get(path);
    if (row === undefined)
      this.#rows.set(path, (row = blocks.add(path, SITE, this.#type, 16 + 8 * (path % 3))));
    const decision = this.#sampler.decide(SITE);
    if (decision < 0) blocks.countOnly(row);
    else {
      blocks.count(row);
      blocks.follow(row, this.#sampler.weight(decision));
    }
    return { row, decision };
  }

  die({ row, decision }: Block): void {
    if (decision >= 0) this.blocks.free(row, this.#sampler.weight(decision));
  }

  /** How many of a path are said to be alive. */
  of(path: number): number {
    this.blocks.placeDeaths();
    return this.blocks.live.at(this.#rows.get(path)!);
  }

  /** How many in all. */
  alive(): number {
    const { blocks } = this;
    blocks.placeDeaths();
    let [count, bytes] = [0, 0];
    for (const row of this.#rows.values()) {
      const live = blocks.live.at(row);
      if (!(live >= 0 && Number.isInteger(live))) throw new Error(`${live} alive in row ${row}`);
      count += live;
      bytes += live * blocks.size.at(row);
    }
    // What has no row yet is of the last run of 256.
    assertAlmostEquals(blocks.current, bytes, 256 * 40);
    return count;
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function below(random: Random, limit: number): number {
  return Math.floor((random.next() / 2 ** 32) * limit);
}

/** What is said to be alive where the number that is stays the same, at ten moments, for each seed. */
function constantNumber(paths: number, alive: number, takesOldest: boolean): number[][] {
  return Array.from({ length: SEEDS }, (_, seed) => {
    const line = new Line(seed + 1);
    const random = new Random(seed + 1000);
    const ring: Block[] = [];
    const said: number[] = [];
    for (let i = 0; i < 20 * alive; i++) {
      const at = i < alive ? i : takesOldest ? i % alive : below(random, alive);
      const old = ring[at];
      ring[at] = line.make(below(random, paths));
      if (old !== undefined) line.die(old);
      if ((i + 1) % (2 * alive) === 0) said.push(line.alive());
    }
    return said;
  });
}

for (const paths of [1, 20, 1000, 10_000]) {
  test(`of 5000 that are replaced by ${paths} paths, as many are said to be alive, and no more with time`, () => {
    for (const said of constantNumber(paths, 5000, true))
      for (const count of said) assertAlmostEquals(count, 5000, 500);
    // Where chance says which die, each run has an error of its own; all together have none, and none that grows.
    const moments = constantNumber(paths, 5000, false);
    const first = moments.map((said) => mean(said.slice(0, 5)));
    const last = moments.map((said) => mean(said.slice(5)));
    assertAlmostEquals(mean(first), 5000, 500);
    assertAlmostEquals(mean(last), 5000, 500);
  });
}

test("all are alive until the first dies, and none when the last has died", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const line = new Line(seed);
    const random = new Random(seed);
    const made = Array.from({ length: 50_000 }, () => line.make(below(random, 300)));
    assertEquals(line.alive(), made.length);
    for (const block of made) line.die(block);
    // Of the last run of 256, the one that is watched may not have been made yet.
    const left = line.alive();
    assert(left < 256, `${left}`);
    const more = Array.from({ length: 50_000 }, () => line.make(below(random, 300)));
    assertAlmostEquals(line.alive(), more.length, 512);
  }
});

test("a path that keeps what it makes does not pay for those that do not", () => {
  const LEAK = 1000;
  const said = Array.from({ length: SEEDS }, (_, seed) => {
    const line = new Line(seed + 1);
    const random = new Random(seed + 1000);
    const recent: Block[] = [];
    for (let i = 0; i < 200_000; i++) {
      if (i % 10 === 0) line.make(LEAK);
      recent.push(line.make(below(random, LEAK)));
      if (recent.length > 100) line.die(recent.shift()!);
    }
    return line.of(LEAK);
  });
  assertAlmostEquals(mean(said), 20_000, 1000);
  for (const count of said) assertAlmostEquals(count, 20_000, 4000);
});

test("the same seed gives the same rows", () => {
  const rows = (seed: number): number[] => {
    const line = new Line(seed);
    const random = new Random(7);
    const made = Array.from({ length: 30_000 }, () => line.make(below(random, 300)));
    for (let i = 0; i < 20_000; i++) line.die(made[i]!);
    return Array.from({ length: 300 }, (_, path) => line.of(path));
  };
  assertEquals(rows(3), rows(3));
});

test("an object that is watched, and was not counted as the stack ran out, takes no other's place when it dies", () => {
  const blocks = new ExactBlocks(1, 1);
  const type = blocks.typeOf("Object", 0);
  const [untouched, row] = [1, 2].map((path) => blocks.add(path, SITE, type, 16)) as [number, number];
  blocks.free(untouched, 1);
  blocks.count(row);
  blocks.follow(row, 1);
  blocks.free(row, 1);
  blocks.free(row, 4);
  blocks.placeDeaths();
  assertEquals(
    [untouched, row].map((each) => blocks.live.at(each)),
    [0, 0],
  );
  assertEquals(blocks.current, 0);
});
