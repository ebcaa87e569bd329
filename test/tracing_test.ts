import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import * as tracemalloc from "../mod.ts";
import { instrumented } from "./instrumented.ts";

const { start, stop, isTracing, takeSnapshot, collect, getTracedMemory } = tracemalloc;

const program = await instrumented(`
  export const make = () => ({ a: 1 });
  export function many(count, keep) {
    const kept = [];
    for (let i = 0; i < count; i++) {
      const object = { i };
      if (i < keep) kept.push(object);
    }
    return kept;
  }
  export const call = (f) =>
    f();
`);
const MAKE = 2;
const MANY = 6;

/** Live and allocated blocks of a line of the program. */
function line(lineno: number): { count: number; allocated: number; size: number } {
  const snapshot = takeSnapshot();
  const found = snapshot.statistics("lineno").filter(({ traceback }) => traceback.at(0)!.lineno === lineno);
  const [statistic] = found;
  if (statistic === undefined) return { count: 0, allocated: 0, size: 0 };
  return { count: statistic.count, allocated: statistic.allocatedCount, size: statistic.size };
}

/** Traces while `run` runs. */
async function tracing(options: Parameters<typeof start>[0], run: () => unknown): Promise<void> {
  start(options);
  try {
    await run();
  } finally {
    stop();
  }
}

test("start, isTracing, getTracebackLimit and stop follow each other", () => {
  assertEquals(isTracing(), false);
  assertThrows(() => tracemalloc.getTracebackLimit(), Error, "must be tracing memory allocations");
  start();
  assertEquals([isTracing(), tracemalloc.getTracebackLimit()], [true, 1]);
  start(25); // a no-op while tracing
  assertEquals(tracemalloc.getTracebackLimit(), 1);
  stop();
  stop(); // again: nothing to do
  assertEquals(isTracing(), false);
  for (const [options, nframe] of [
    [65535, 65535],
    [{ nframe: 7 }, 7],
    [{}, 1],
    [undefined, 1],
  ] as const) {
    start(options);
    assertEquals(tracemalloc.getTracebackLimit(), nframe);
    stop();
  }
});

test("start says what it allows", () => {
  for (const nframe of [0, -1, 1.5, 65536, Number.NaN, Number.POSITIVE_INFINITY]) {
    assertThrows(
      () => start(nframe),
      RangeError,
      `the number of frames must be an integer from 1 to 65535, got ${nframe}`,
    );
  }
  for (const nframe of ["x", null, true, 1n, Symbol.iterator, () => 1]) {
    assertThrows(() => start(nframe as unknown as number), TypeError, "an integer from 1 to 65535, got ");
  }
  assertThrows(() => start({ sampling: "often" as "exact" }), RangeError, `got "often"`);
  assertThrows(() => start({ sampling: 0 }), RangeError, "got 0");
  assertThrows(
    () => start({ builtins: 1 as unknown as boolean }),
    TypeError,
    "builtins must be true or false",
  );
  assertThrows(() => start({ seed: 0.5 }), RangeError, "seed");
  assertEquals(isTracing(), false);
  start();
  assertThrows(() => start(0), RangeError); // checked while tracing, too
  stop();
});

test("what a program puts on Object.prototype is no option of a snapshot", () => {
  start();
  try {
    Object.assign(Object.prototype, { at: "bogus" });
    assertEquals(takeSnapshot().traces.length, 0);
  } finally {
    Reflect.deleteProperty(Object.prototype, "at");
    stop();
  }
});

test("what needs tracing says so; what does not gives nothing", async () => {
  const message = "the tracemalloc module must be tracing memory allocations to";
  assertEquals(
    assertThrows(() => takeSnapshot(), Error).message,
    "the tracemalloc module must be tracing memory allocations to take a snapshot",
  );
  assertThrows(() => tracemalloc.track(16, "key", 1), Error, message);
  assertThrows(() => tracemalloc.untrack(16, "key"), Error, message);
  assertEquals(getTracedMemory(), { current: 0, peak: 0 });
  assertEquals(tracemalloc.getObjectTraceback({}), null);
  tracemalloc.clearTraces();
  tracemalloc.resetPeak();
  await collect();
  assert(tracemalloc.getTracemallocMemory() > 0);
  assertThrows(() => takeSnapshot({ at: "later" as "now" }), RangeError, `"later"`);
});

test("getObjectTraceback takes objects and functions only", () =>
  tracing(2, () => {
    for (const value of [1, "text", null, undefined, Symbol.iterator, 1n]) {
      assertThrows(
        () => tracemalloc.getObjectTraceback(value as unknown as object),
        TypeError,
        "expected an object",
      );
    }
    const [frame, ...others] = tracemalloc.getObjectTraceback(program.make())!;
    assertEquals(
      [frame!.filename, frame!.lineno, frame!.functionName, others],
      ["/app/test.mjs", MAKE, "make", []],
    );
    assertEquals(tracemalloc.getObjectTraceback({}), null);
    assertEquals(tracemalloc.getObjectTraceback(program.make), null); // made before start()
  }));

test("100,000 objects of one line, 40,000 kept: exactly 40,000 are alive after collect()", () =>
  tracing(1, async () => {
    const kept = program.many(100_000, 40_000);
    assertEquals(line(MANY).allocated, 100_000);
    await collect();
    const { count, allocated, size } = line(MANY);
    assertEquals({ count, allocated }, { count: 40_000, allocated: 100_000 });
    assertEquals(size % 40_000, 0);
    assert(size >= 40_000 * 24);
    assertEquals(kept.length, 40_000);
  }));

test("traced memory: current falls when objects die, the peak stays until resetPeak()", () =>
  tracing(1, async () => {
    const before = getTracedMemory().current;
    let kept = program.many(1000, 1000);
    const full = getTracedMemory();
    assert(full.current - before >= 24_000 && full.peak >= full.current);
    kept = null;
    await collect();
    const after = getTracedMemory();
    assertEquals(after.peak, full.peak);
    assert(after.current <= full.current - 24_000, `${after.current} of ${full.current}`);
    tracemalloc.resetPeak();
    assertEquals(getTracedMemory().peak, getTracedMemory().current);
    assertEquals(kept, null);
  }));

/** Bytes and blocks at the peak, summed over a snapshot's rows. */
function peakOf(snapshot: tracemalloc.Snapshot): number {
  const { peakCount, size } = snapshot.columns.blocks;
  return peakCount!.reduce((sum, count, row) => sum + count * size[row]!, 0);
}

test("a snapshot knows what was alive at the peak, and a dump keeps it", () =>
  tracing(1, async () => {
    let kept = program.many(1000, 1000);
    const atPeak = takeSnapshot();
    assertEquals([...atPeak.columns.blocks.peakCount!], [...atPeak.columns.blocks.count]);
    kept = null;
    await collect();
    const after = takeSnapshot();
    const { peak } = getTracedMemory();
    assertEquals(after.metadata.peak, peak);
    assert(Math.abs(peakOf(after) - peak) <= 0.02 * peak, `${peakOf(after)} of ${peak}`);
    assertEquals(peakOf(tracemalloc.Snapshot.fromBytes(after.toBytes())), peakOf(after));
    assertEquals(takeSnapshot({ at: "peak" }).columns.blocks.peakCount, undefined);
    assertEquals(kept, null);
  }));

test("clearTraces: the death of what was allocated before changes nothing", () =>
  tracing(1, async () => {
    let old = program.many(1000, 1000);
    tracemalloc.clearTraces();
    assertEquals([getTracedMemory(), takeSnapshot().traces.length], [{ current: 0, peak: 0 }, 0]);
    assertEquals(tracemalloc.getObjectTraceback(old[0]), null);
    const kept = program.many(10, 10);
    const before = getTracedMemory().current;
    old = null;
    await collect();
    assertEquals(getTracedMemory().current, before);
    assertEquals(line(MANY), { count: 10, allocated: 10, size: line(MANY).size });
    assertEquals([old, kept.length], [null, 10]);
  }));

test("stop drops everything; objects of an earlier session are not counted in the next", async () => {
  start(1);
  let old = program.many(500, 500);
  stop();
  assertEquals(getTracedMemory(), { current: 0, peak: 0 });
  start(3);
  assertEquals([takeSnapshot().traces.length, takeSnapshot().tracebackLimit], [0, 3]);
  assertEquals(tracemalloc.getObjectTraceback(old[0]), null);
  const kept = program.many(5, 5);
  old = null;
  await collect();
  assertEquals(line(MANY).count, 5);
  stop();
  assertEquals([old, kept.length], [null, 5]);
});

test("an object that was traced before a restart is not taken for a new one", async () => {
  const { Single, again } = await instrumented(`
    let only;
    export class Single { constructor() { return (only ??= this); } }
    export const again = () => new Single();
  `);
  start();
  const first = again();
  stop();
  start();
  assertStrictEquals(again(), first);
  assertEquals(takeSnapshot().traces.length, 0);
  stop();
  assertStrictEquals(new Single(), first);
});

test("user domains: a key is tracked once, replaced, and untracked", () =>
  tracing(5, () => {
    const { track, untrack } = tracemalloc;
    const of = (domain: number) =>
      [...takeSnapshot().traces].filter((trace) => trace.domain === domain).map((trace) => trace.size);
    const key = {};
    program.call(() => track(20, key, 100));
    const [trace] = [...takeSnapshot().traces].filter(({ domain }) => domain === 20);
    assertEquals([trace!.traceback.at(-1)!.lineno, trace!.traceback.at(-1)!.functionName], [12, "call"]);
    track(20, key, 250);
    track(20, "other", 1);
    track(21, key, 7);
    assertEquals([of(20).sort(), of(21)], [[1, 250], [7]]);
    assertEquals(getTracedMemory().current, 258);
    untrack(20, key);
    untrack(20, key);
    untrack(99, "never tracked");
    assertEquals([of(20), of(21)], [[1], [7]]);
    tracemalloc.clearTraces();
    untrack(21, key); // tracked before: changes nothing
    assertEquals(getTracedMemory(), { current: 0, peak: 0 });
  }));

test("user domains: arguments", () =>
  tracing(1, () => {
    const { track, untrack } = tracemalloc;
    for (const domain of [0, 15, 16.5, 2 ** 31, -1, Number.NaN]) {
      assertThrows(
        () => track(domain, "k", 1),
        RangeError,
        "domain must be an integer from 16 to 2147483647",
      );
      assertThrows(() => untrack(domain, "k"), RangeError, `got ${domain}`);
    }
    assertThrows(() => track("16" as unknown as number, "k", 1), TypeError, `got "16"`);
    for (const size of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      assertThrows(() => track(16, "k", size), RangeError);
    assertThrows(() => track(16, "k", "1" as unknown as number), TypeError);
    track(16, "k", 2 ** 40);
    track(16, "l", 0.5);
    track(16, "m", 0.5);
    assertEquals(getTracedMemory().current, 2 ** 40 + 1);
    const sizes = [...takeSnapshot().traces].map(({ size }) => size).sort();
    assertEquals(sizes, [0.5, 0.5, 2 ** 40].sort());
  }));

test("tracking many blocks of the same broken size makes one row, not one each", () =>
  tracing(1, () => {
    for (let i = 0; i < 1000; i++) tracemalloc.track(16, i, 0.5);
    const before = tracemalloc.getTracemallocMemory();
    for (let i = 1000; i < 20_000; i++) tracemalloc.track(16, i, 0.5);
    assert(tracemalloc.getTracemallocMemory() - before < 100_000);
  }));

test("collect() settles, with nothing traced and while it runs twice", async () => {
  await Promise.all([collect(), collect()]);
  await assertRejects(
    async () => {
      await collect();
      throw new Error("after");
    },
    Error,
    "after",
  );
});
