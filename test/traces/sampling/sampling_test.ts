import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  collect,
  getTracedMemory,
  resetPeak,
  Snapshot,
  type StartOptions,
  start,
  stop,
  takeSnapshot,
} from "../../../mod.ts";
import { Random } from "../../../src/tables/random.ts";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { ByteSampler } from "../../../src/traces/sampling/byte_sampler.ts";
import { Timeline } from "../../../src/traces/session/timeline.ts";
import { instrumented } from "../../instrumented.ts";

const program = await instrumented(`
  export function many(count, every, kept) {
    for (let i = 0; i < count; i++) {
      const object = { i };
      if (i % every === 0) kept.push(object);
    }
  }
  class Single { static only = null; constructor() { return Single.only ??= this; } }
  export const single = (count) => { for (let i = 0; i < count; i++) new Single(); return Single; };
  class Empty {}
  const handler = {}, makers = [
    function Literal() { return { of: 1 }; },
    function Constant(i) { const made = { i }; this.i = i; return made; },
    class Wrapped { constructor() { this.x = 1; return new Proxy(this, handler); } },
    class Base { constructor() { return [1, 2]; } },
    function Own(i) { this.i = i; const self = this; return self; },
    function Plain(i) { this.i = i; return { i }.i; },
    function Called(i) { return make(i); },
    function Member() { return kept.of; },
    class Derived extends Empty { constructor(i) { super(); const self = this; return i < 0 ? null : self; } },
    class Other extends Empty { constructor(i) { return make(i); } },
    function small(i) { return make(i); }, class Callable { constructor(i) { return () => i; } },
  ];
  const make = (i) => ({ i }), kept = { of: null };
  export const minified = (small) => new small();
  export const factory = (which, count) => { if (which === 7) kept.of = {}; for (let i = 0; i < count; i++) new makers[which](i); };
  export const called = (count) => { for (let i = 0; i < count; i++) makers[0](); };
  export const cache = () => new Map();
  export const list = () => [];
  export const text = (value) => ({ value });
  const shared = () => ({ of: 1 }), seldom = () => shared(),
    often = () => shared();
  export const both = (count) => { for (let i = 0; i < count; i++) if (i % 4 === 0) seldom(); else often(); };
`);
const [MANY, CACHE, LIST, TEXT, SHARED] = [4, 28, 29, 30, 31] as const;
const MEMBER = 7;

interface Line {
  count: number;
  size: number;
  allocated: number;
}

function line(lineno: number, at: "now" | "peak" = "now"): Line {
  const found = takeSnapshot({ at })
    .statistics("lineno")
    .find(({ traceback }) => traceback.at(0)!.lineno === lineno);
  return { count: found?.count ?? 0, size: found?.size ?? 0, allocated: found?.allocatedCount ?? 0 };
}

async function tracing(options: StartOptions, run: () => unknown): Promise<void> {
  start(options);
  try {
    await run();
  } finally {
    stop();
  }
}

for (const [live, tolerance] of [
  [1000, 0.15],
  [100_000, 0.05],
] as const) {
  test(`adaptive: ${live} live objects of twice as many, within ${tolerance * 100} %`, () =>
    tracing({ sampling: "adaptive", seed: 11, nframe: 5 }, async () => {
      const kept: object[] = [];
      program.many(live * 2, 2, kept);
      await collect();
      const { count, allocated } = line(MANY);
      assertEquals([kept.length, allocated], [live, live * 2]);
      assertAlmostEquals(count, live, live * tolerance);
    }));
}

test("bytes: what is allocated and what lives are estimates", () =>
  tracing({ sampling: 512, seed: 3 }, async () => {
    const kept: object[] = [];
    program.many(100_000, 2, kept);
    await collect();
    const { count, allocated } = line(MANY);
    assertEquals(kept.length, 50_000);
    // 6,000 samples at least: four standard errors are 5 %.
    assertAlmostEquals(allocated, 100_000, 5000);
    // 4,000 samples of the living: four standard errors are 6.3 %.
    assertAlmostEquals(count, 50_000, 4000);
  }));

test("bytes: no figure of a snapshot falls below zero where all containers have grown, and it is dumped", () => {
  // Of each seed, some of the containers are measured again and stand for all of their line.
  for (let seed = 1; seed <= 20; seed++) {
    start({ sampling: 100 + 37 * seed, seed });
    try {
      const lists: number[][] = Array.from({ length: 1000 + 13 * seed }, () => program.list());
      for (const list of lists) list.push(1, 2, 3);
      const snapshot = takeSnapshot();
      const { size, count } = snapshot.columns.blocks;
      assertEquals(
        [...count].filter((blocks) => blocks < 0),
        [],
      );
      const grown = count.reduce((sum, blocks, row) => sum + (size[row] >= 40 ? blocks : 0), 0);
      assert(grown > lists.length / 2, `${grown} of ${lists.length}`);
      assertEquals(Snapshot.fromBytes(snapshot.toBytes()).statistics("lineno").length, 1);
    } finally {
      stop();
    }
  }
});

test("bytes: what has all gone leaves nothing behind", () => {
  const sampler = new ByteSampler(1000, 1);
  const blocks = new BlockTable(1);
  const type = blocks.typeOf("Object", 0);
  const rows = Array.from({ length: 50 }, (_, i) => blocks.add(0, i, type, 8 + 17 * i));
  const random = new Random(1);
  const alive: number[] = [];
  for (let i = 0; i < 100_000; i++) {
    const row = rows[i % rows.length];
    const size = blocks.size.at(row);
    if (sampler.decide(0, size) >= 0) {
      blocks.follow(row, sampler.weight(0, size));
      alive.push(row);
    }
    // They die in another order than they came.
    if (random.below(16) !== 0) continue;
    for (let k = Math.min(alive.length, random.below(4)); k > 0; k--)
      free(random.below(2 ** 16) % alive.length);
  }
  assert(blocks.current > 0 && alive.length > 1000, `${alive.length}`);
  while (alive.length > 0) free(alive.length - 1);
  assertEquals(
    rows.map((row) => blocks.live.at(row)),
    rows.map(() => 0),
  );
  assertEquals(blocks.current, 0);

  function free(index: number): void {
    const [row] = alive.splice(index, 1);
    blocks.free(row, sampler.weight(0, blocks.size.at(row)));
  }
});

test("adaptive: an object that a constructor gives again is not counted again", () =>
  tracing({ sampling: "adaptive" }, () => {
    assert(program.single(20_000) !== null);
    const counts = takeSnapshot()
      .statistics("type")
      .filter(({ key }) => key === "Single");
    assertEquals(
      counts.map(({ allocatedCount }) => allocatedCount),
      [1],
    );
  }));

// With a byte between samples, every object is one, and stands for itself.
for (const sampling of ["exact", "adaptive", 1] as const) {
  test(`what a factory called with new returns counts once (${sampling})`, () => {
    const COUNT = 8000;
    // One object each, on the line that makes it; Own and Derived: their instances. Plain makes two, Member gives the same one.
    const objects = [1, 1, 1, 1, 1, 2, 1, 0, 1, 1, 1, 1];
    for (const [which, each] of objects.entries()) {
      const wanted = each * COUNT + (which === MEMBER ? 1 : 0);
      for (const nframe of [1, 25]) {
        start({ sampling, nframe, seed: 1 });
        try {
          program.factory(which, COUNT);
          const { columns } = takeSnapshot();
          const { allocatedCount, domain } = columns.blocks;
          const made = allocatedCount.reduce((sum, count, row) => sum + (domain[row] === 0 ? count : 0), 0);
          assertEquals([which, nframe, made], [which, nframe, wanted]);
          program.called(10);
          program.single(1);
        } finally {
          stop();
        }
      }
    }
  });
}

test("containers are measured again at every snapshot, on the line that made them", () =>
  tracing({ sampling: "exact" }, () => {
    const [cache, list, text] = [program.cache(), program.list(), program.text("")];
    const before = { cache: line(CACHE).size, list: line(LIST).size, text: line(TEXT).size };
    for (let i = 0; i < 10_000; i++) {
      cache.set(i, null);
      list.push(null);
    }
    text.value = "x".repeat(1_000_000);
    const after = { cache: line(CACHE), list: line(LIST), text: line(TEXT) };
    assert(before.cache < 1000 && before.list < 1000 && before.text < 1000, JSON.stringify(before));
    assert(after.cache.size > 10_000 * 16, `${after.cache.size}`);
    assert(after.list.size >= 10_000 * 8, `${after.list.size}`);
    assertAlmostEquals(after.text.size, 1_000_000, 1000);
    assertEquals([after.cache.count, after.list.count], [1, 1]);
    const strings = [...takeSnapshot().traces].filter(({ domain }) => domain === 2);
    assertEquals(strings.length, 1);
    cache.clear();
    list.length = 0;
    assert(line(LIST).size < 1000);
  }));

test("a snapshot of the peak holds what was alive then", () =>
  tracing({ sampling: "exact" }, async () => {
    const early: object[] = [];
    program.many(2000, 1, early);
    early.length = 0;
    await collect();
    const kept: object[] = [];
    program.many(20_000, 1, kept);
    const { peak } = getTracedMemory();
    kept.length = 5000;
    await collect();
    program.many(1000, 1, kept);
    assertEquals(line(MANY).count, 6000);
    const traces = [...takeSnapshot({ at: "peak" }).traces];
    const size = traces.reduce((sum, trace) => sum + trace.size, 0);
    assertAlmostEquals(size, peak, peak * 0.02);
    assertEquals(getTracedMemory().peak, peak);
    resetPeak();
    assertEquals(getTracedMemory().peak, getTracedMemory().current);
    assertEquals(line(MANY, "peak").count, 6000);
  }));

test("the timeline has a bounded number of points, in order, and survives a dump", () =>
  tracing({ sampling: "adaptive" }, () => {
    const kept: object[] = [];
    type Timeline = { time: number; current: number; top: [string, number][] }[];
    let snapshot: Snapshot;
    let timeline: Timeline;
    // However long that takes: the machine may be busy.
    do {
      for (let i = 0; i < 100; i++) program.many(10_000, 100, kept);
      snapshot = takeSnapshot();
      timeline = snapshot.metadata.timeline as Timeline;
    } while (timeline.length < 3 && kept.length < 5e6);
    assert(timeline.length >= 3 && timeline.length <= 512, `${timeline.length} points`);
    const times = timeline.map(({ time }) => time);
    assertEquals(
      times,
      times.toSorted((a, b) => a - b),
    );
    assertEquals(timeline.at(-1)!.top[0]![0], `/app/test.mjs:${MANY}`);
    assertEquals(Snapshot.fromBytes(snapshot.toBytes()).metadata.timeline, snapshot.metadata.timeline);
    assert(kept.length > 0);
  }));

test("the timeline of a long run is thinned: as many points, over all of it", () => {
  const timeline = new Timeline(0);
  let added = 0;
  const hours = 10 * 3600 * 1000;
  for (let now = 0; now < hours; now += 10) {
    if (!timeline.isDue(now)) continue;
    added++;
    timeline.add(now, now, []);
  }
  const { points } = timeline;
  assert(points.length >= 256 && points.length < 512, `${points.length} points`);
  assert(added < 512 + 256 * Math.log2(hours / 20 / 512) + 512, `${added} looks`);
  const gaps = points.slice(1).map(({ time }, i) => time - points[i]!.time);
  assert(Math.max(...gaps) <= 2 * Math.min(...gaps), `${Math.min(...gaps)} to ${Math.max(...gaps)} ms apart`);
  assertEquals(points[0]!.time, 0);
  assert(points.at(-1)!.time > hours * 0.99);
});

function assertPeakIsHeld(): void {
  const { peak } = getTracedMemory();
  const size = [...takeSnapshot({ at: "peak" }).traces].reduce((sum, trace) => sum + trace.size, 0);
  assertAlmostEquals(size, peak, peak * 0.02);
}

for (const [rises, falls] of [
  [20, 0],
  [8, 0.5],
  [8, 0.9],
] as const) {
  test(`the peak's snapshot is within 2 % of it: ${rises} waves, ${falls * 100} % of each freed`, () =>
    tracing({ sampling: "exact" }, async () => {
      const kept: object[][] = [];
      let truth = 0;
      for (let wave = 0; wave < rises; wave++) {
        const list: object[] = [];
        program.many(400 + 40 * wave, 1, list);
        kept.push(list);
        truth = Math.max(truth, getTracedMemory().current);
        list.length = Math.ceil(list.length * (1 - falls));
        if (falls === 0) continue;
        await collect();
        assertPeakIsHeld();
      }
      kept.splice(1);
      await collect();
      assert(getTracedMemory().peak >= truth && getTracedMemory().current < truth);
      assertPeakIsHeld();
    }));
}

test("adaptive with frames: what a line has allocated is exact, by path too", () => {
  const COUNT = 400_000;
  start({ nframe: 25, sampling: "adaptive", seed: 3 });
  try {
    program.both(COUNT);
    const lines = takeSnapshot().statistics("lineno");
    assertEquals(lines.find(({ traceback }) => traceback.at(0)!.lineno === SHARED)?.allocatedCount, COUNT);
    const paths = takeSnapshot()
      .statistics("traceback")
      .filter(({ traceback }) => traceback.at(-1)!.lineno === SHARED);
    assertEquals(paths.length, 2);
    const [seldom, often] = paths
      .sort((a, b) => a.allocatedCount - b.allocatedCount)
      .map(({ allocatedCount }) => allocatedCount);
    assertEquals([seldom, often], [COUNT / 4, (COUNT / 4) * 3]);
  } finally {
    stop();
  }
});
