// On every runtime: what leaks is found on its line, what does not leak is let pass, and the user's trace stays.
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { getTracebackLimit, getTracedMemory, isTracing, start, stop, takeSnapshot } from "../../../mod.ts";
import {
  assertAllocates,
  assertNoLeak,
  BudgetError,
  findLeaks,
  LeakError,
  matchers,
  measure,
  NotInstrumentedError,
} from "../../../plugin/testing/testing.ts";
import { FIRST_LEAK, subject } from "./subject.ts";

const { leaks, clean, callers, work, strings } = await subject();
const QUICK = { iterations: 20 } as const;

const leaking = Object.keys(leaks).filter((name) => name !== "half");

// Each on its own, 200 times on each runtime: test/long/leak_checks_test.ts.
test("finds every leak on its line, and nothing else", async () => {
  const all = async (): Promise<void> => {
    for (const name of leaking) await leaks[name]();
    for (const name of Object.keys(clean)) if (name !== "fills") await clean[name]();
  };
  const found = await findLeaks(all, QUICK);
  assertEquals(
    found.map(({ filename, lineno }) => `${filename}:${lineno}`).sort(),
    leaking.map((_, index) => `/app/subject.mjs:${String(FIRST_LEAK + index)}`).sort(),
  );
  for (const { lineno, objectsPerIteration, bytesPerIteration } of found) {
    assert(objectsPerIteration >= 1, `${objectsPerIteration} objects per call on line ${lineno}`);
    assert(bytesPerIteration >= 16, `${bytesPerIteration} bytes per call on line ${lineno}`);
  }
});

test("raises no alarm for caches that fill, values that are made late, garbage of all kinds", async () => {
  const all = async (): Promise<void> => {
    for (const name of Object.keys(clean)) await clean[name]();
  };
  assertEquals(await findLeaks(all, { iterations: 60 }), []);
});

test("a line that leaks now and then leaks for whoever tolerates calls that do not", async () => {
  const [found] = await findLeaks(leaks.half, { ...QUICK, tolerance: 0.6 });
  assertEquals(found?.objectsPerIteration, 0.5);
});

test("assertNoLeak says which line leaks, how much per call, and by which way", async () => {
  const error = await assertRejects(() => assertNoLeak(leaks.nine, QUICK), LeakError);
  assertEquals(error.leaks.length, 1);
  assertMatch(
    error.message,
    /^assertNoLeak: 1 line keeps more with every call\n {2}\/app\/subject\.mjs:11: \+9 objects \(\+\d+ B\) per call: Object$/m,
  );
  const [{ types, traceback }] = error.leaks as [(typeof error.leaks)[0]];
  assertEquals([types, traceback.at(-1)?.functionName], [["Object"], "nine"]);
});

test("filters leave lines out", async () => {
  const { Filter } = await import("../../../mod.ts");
  assertEquals(await findLeaks(leaks.object, { ...QUICK, filters: [new Filter(false, "/app/*")] }), []);
});

test("measure tells what was allocated, what is left, and the lines", async () => {
  const { result, allocated, alive, peak, top, snapshot } = await measure(callers.returns);
  assertEquals(result, [{ r: 1 }, { r: 2 }]);
  assertEquals([allocated.count, alive.count], [3, 3]);
  assertEquals([alive.size, peak], [allocated.size, allocated.size]);
  assertEquals(top.length, 1);
  assertEquals(snapshot.traces.length, 3);

  const garbage = await measure(async () => void (await clean.garbage()));
  assertEquals(garbage.alive, { size: 0, count: 0 });
  assert(garbage.allocated.count >= 80, `${garbage.allocated.count}`);
});

test("measure waits for promises, and passes errors on", async () => {
  assertEquals((await measure(clean.async)).result, { parts: [{ x: 1 }, { x: 2 }] });
  const failure = new Error("of the code under test");
  const thrown = await measure(() => {
    throw failure;
  }).catch((error: unknown) => error);
  assertEquals([thrown === failure, isTracing()], [true, false]);
});

test("warm-up calls do not count", async () => {
  const cold = await measure((await subject()).clean.lazy);
  const warm = await measure((await subject()).clean.lazy, { warmup: 1 });
  assert(cold.allocated.count >= 4, `${cold.allocated.count}`);
  assertEquals(warm.allocated.count, 0);
});

test("a budget counts garbage and strings, and names the lines that exceed it", async () => {
  const { allocated } = await assertAllocates(callers.direct, { max: "1 KiB" });
  assert(allocated.size > 0 && allocated.size < 100, `${allocated.size}`);
  const error = await assertRejects(() => assertAllocates(() => strings(100), { max: 100 }), BudgetError);
  assertMatch(
    error.message,
    /^assertAllocates: one call allocated [\d.]+ (?:B|KiB) in \d+ blocks, the budget is 100 B$/m,
  );
  assertStringIncludes(error.message, "\n  /app/subject.mjs:");
});

test("wrong options are refused", async () => {
  const wrong: [Parameters<typeof findLeaks>, string][] = [
    [[5 as never], "findLeaks: expected a function to call, got number"],
    [[clean.nothing, { iterations: 9 }], "iterations must be a whole number from 10 to 1000000, got 9"],
    [[clean.nothing, { iterations: "20" as never }], "iterations must be a whole number"],
    [[clean.nothing, { warmup: 0 }], "warmup must be a whole number from 1"],
    [[clean.nothing, { tolerance: 1 }], "tolerance must be a number from 0 to below 1, got 1"],
  ];
  for (const [given, message] of wrong) await assertRejects(() => findLeaks(...given), Error, message);
  await assertRejects(
    () => assertAllocates(clean.nothing, {} as never),
    TypeError,
    "assertAllocates: max must be",
  );
});

test("code that is not instrumented is an error, not a pass", async () => {
  const untraced = [
    () => ({ a: 1 }),
    () => [1, 2].map(String),
    async () => new Map(),
    {
      method() {
        return {};
      },
    }.method,
  ];
  for (const fn of untraced) {
    await assertRejects(() => findLeaks(fn), NotInstrumentedError, "is not instrumented");
    await assertRejects(() => measure(fn), NotInstrumentedError, "tracemalloc/register");
  }
  await assertRejects(
    () => assertNoLeak(Math.random),
    NotInstrumentedError,
    "the function random is not instrumented",
  );
});

test("a function that has nothing to report needs no instrumentation, nor one that calls instrumented code", async () => {
  let turns = 0;
  assertEquals(await findLeaks(() => turns++, QUICK), []);
  assertEquals((await measure(() => 1 + 1)).allocated.count, 0);
  assertEquals((await measure(() => work())).allocated.count, 1);
});

test("the user's trace is the same afterwards", async () => {
  start({ nframe: 7, sampling: "exact" });
  try {
    const before = work();
    const [size, blocks] = [getTracedMemory(), takeSnapshot().traces.length];
    await assertNoLeak(clean.garbage, QUICK);
    await assertRejects(() => measure(() => strings(Symbol())), TypeError);
    assertEquals([isTracing(), getTracebackLimit()], [true, 7]);
    assertEquals([getTracedMemory(), takeSnapshot().traces.length], [size, blocks]);
    const after = [work(), before, [4, 5].map((x) => x)];
    assertEquals(getTracedMemory().current > size.current, true);
    assertEquals(after.length, 3);
  } finally {
    stop();
  }
});

test("measurements wait for each other, and inside of each other are refused", async () => {
  const both = await Promise.all([measure(clean.timer), measure(callers.direct)]);
  assertEquals(
    both.map(({ alive }) => alive.count >= 1),
    [true, true],
  );
  assertEquals(both[1].allocated.count, 1);
  await assertRejects(() => measure(() => measure(callers.direct)), Error, "measurements cannot be nested");
  assertEquals(isTracing(), false);
});

test("code that stops tracing is found out", async () => {
  await assertRejects(() => measure(() => [work(), stop()]), Error, "measure: tracing was stopped meanwhile");
  assertEquals(isTracing(), false);
});

test("matchers answer both ways, with a message for each", async () => {
  const leaky = await matchers.toLeak(leaks.object, QUICK);
  assertEquals(leaky.pass, true);
  assertStringIncludes(
    leaky.message(),
    "expected the function not to leak, but 1 line keeps more with every call\n  /app/",
  );
  const tight = await matchers.toLeak(clean.garbage, QUICK);
  assertEquals(
    [tight.pass, tight.message()],
    [false, "expected the function to leak, but no line keeps more with every call"],
  );
  const small = await matchers.toAllocateLessThan(callers.direct, "1 KiB");
  assertEquals(small.pass, true);
  assertMatch(
    small.message(),
    /^expected the function to allocate 1024 B or more, but one call allocated \d+ B$/,
  );
  const large = await matchers.toAllocateLessThan(callers.direct, 8);
  assertEquals(large.pass, false);
  assertMatch(large.message(), /^expected the function to allocate less than 8 B, but one call allocated/);
});
