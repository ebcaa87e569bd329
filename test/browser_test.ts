// `tracemalloc/browser`, as far as it needs no page: it runs everywhere.
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as whole from "../mod.ts";
import { Snapshot } from "../mod.ts";
import {
  clearTraces,
  collect,
  downloadSnapshot,
  getTracedMemory,
  isTracing,
  resetPeak,
  snapshotBytes,
  start,
  stop,
  takeSnapshot,
} from "../src/browser.ts";
import { checkStartOptions, type StartOptions } from "../src/vocabulary/start_options.ts";
import { instrumented } from "./instrumented.ts";

const MAKES = `export const make = (count) => Array.from({ length: count }, () => ({ made: 1 }));
export const parse = (text) => JSON.parse(text);`;

test("before the start: nothing to ask, and nothing fails", async () => {
  assertEquals(isTracing(), false);
  assertEquals(getTracedMemory(), { current: 0, peak: 0 });
  stop();
  resetPeak();
  clearTraces();
  await collect();
  for (const ask of [takeSnapshot, snapshotBytes]) await assertRejects(ask, Error, "must be tracing");
});

test("start, figures, snapshots, stop", async () => {
  const { make, parse } = await instrumented(MAKES, { filename: "/app/browser_makes.js" });
  await start({ nframe: 5, seed: 1 });
  try {
    assertEquals([isTracing(), whole.isTracing(), whole.getTracebackLimit()], [true, true, 5]);
    const kept = [make(100), parse(`[${"{},".repeat(49)}{}]`)];
    await collect();
    const { current, peak } = getTracedMemory();
    assert(current > 100 * 16 && peak >= current, `${current}, ${peak}`);
    const lines = (snapshot: Snapshot): Record<string, number> =>
      Object.fromEntries(
        snapshot
          .statistics("lineno")
          .filter(({ key }) => key.includes("browser_makes"))
          .map(({ traceback, count }) => [traceback.at(-1)!.lineno, count]),
      );
    const snapshot = await takeSnapshot();
    assert(snapshot instanceof Snapshot);
    const counts = lines(snapshot);
    assert(counts[1]! >= 100, "line 1");
    // Built-ins are watched: the array and its 50 objects.
    assert(counts[2]! >= 51, "line 2");
    assertEquals(lines(Snapshot.fromBytes(await snapshotBytes())), counts);
    assertEquals((await takeSnapshot({ at: "peak" })).metadata.at, "peak");
    assertEquals(kept.length, 2);
    await start(2); // while tracing: nothing
    assertEquals(whole.getTracebackLimit(), 5);
    clearTraces();
    resetPeak();
    assert(getTracedMemory().current < current);
  } finally {
    stop();
  }
  assertEquals([isTracing(), whole.isTracing()], [false, false]);
});

test("tracing that tracemalloc's own start began is the same", async () => {
  whole.start(3);
  try {
    assertEquals(isTracing(), true);
    assertEquals((await takeSnapshot()).tracebackLimit, 3);
  } finally {
    stop();
  }
  assertEquals(whole.isTracing(), false);
});

test("stop() is not lost on a start that is still fetching what it needs", async () => {
  const original = JSON.parse;
  const starting = start();
  stop();
  await starting;
  assertEquals(isTracing(), false);
  const again = start();
  while (!isTracing()) await new Promise((resolve) => setTimeout(resolve));
  stop(); // the stand-ins may still be on their way
  await again;
  assertEquals([isTracing(), JSON.parse === original], [false, true]);
});

test("built-ins are left alone where they are not wanted", async () => {
  const original = JSON.parse;
  await start({ builtins: false });
  const between = JSON.parse;
  stop();
  await start();
  const standIn = JSON.parse;
  stop();
  assertEquals([between === original, standIn === original, JSON.parse === original], [true, false, true]);
});

test("every way of sampling starts, with the options that it is given", async () => {
  for (const sampling of ["exact", "adaptive", 512] as const) {
    for (const seed of [undefined, -7]) {
      await start({ sampling, nframe: 3, builtins: false, ...(seed === undefined ? {} : { seed }) });
      const { metadata } = await takeSnapshot();
      assertEquals([metadata.sampling, metadata.nframe], [sampling, 3]);
      stop();
    }
  }
});

test("what a page takes for right without asking is what the check lets pass", async () => {
  const values: Record<string, readonly unknown[]> = {
    nframe: [1, 65535, 0, 65536, 1.5, Number.NaN, "1", null, 2n, Symbol("1")],
    sampling: ["exact", "adaptive", 1, 1e9, 0.5, Number.NaN, Infinity, "all", null, {}],
    builtins: [true, false, 1, null, "true"],
    seed: [null, 0, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 0.5, "1"],
  };
  for (const [name, each] of Object.entries(values)) {
    for (const value of each) {
      const options = { sampling: "adaptive", [name]: value } as StartOptions;
      const wrong = thrownBy(() => checkStartOptions(options));
      if (wrong === null) await start(options);
      else await assertRejects(() => start(options), Error, wrong.message);
      assertEquals(isTracing(), wrong === null, `${name}: ${String(value)}`);
      stop();
    }
  }
});

function thrownBy(run: () => void): Error | null {
  try {
    run();
    return null;
  } catch (error) {
    return error as Error;
  }
}

test("wrong arguments", async () => {
  await assertRejects(() => start(0), RangeError, "the number of frames must be");
  await assertRejects(() => start({ builtins: 1 as never }), TypeError, "builtins must be true or false");
  assertEquals(isTracing(), false);
  await assertRejects(() => downloadSnapshot(7 as never), TypeError, "filename must be a string");
  await assertRejects(() => takeSnapshot({ at: "then" as never }), RangeError, 'at must be "now" or "peak"');
});
