// Timers are on the line that asked for them, until they have run or been cleared.
import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { clearTraces, collect, getTracedMemory, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented, type TestModule } from "../../instrumented.ts";
import { counted, until } from "./counted.ts";
import { KINDS } from "./kinds.ts";

const PROGRAM = `import { setTimeout as sleep, setImmediate as soon, setInterval as ticks, scheduler } from "node:timers/promises";
import { promisify } from "node:util";
// Not imported: on Deno and Bun, what has been imported before tracing starts is the host's own for ever.
const timers = process.getBuiltinModule("node:timers"); const later = promisify(setTimeout);
export const timeout = (run, ms, ...args) =>
  setTimeout(run, ms, ...args);
export const interval = (run, ms) =>
  setInterval(run, ms);
export const immediate = (run) =>
  setImmediate(run);
export const ofModule = (ms) =>
  timers.setTimeout(() => {}, ms);
export const slept = (ms, value, options) =>
  sleep(ms, value, options);
export const waited = (ms, options) =>
  scheduler.wait(ms, options);
export const promised = (ms, value) =>
  later(ms, value);
export const ticking = (ms) =>
  ticks(ms);
export const sooner = () =>
  soon("now");
export const many = (count, ms) => { for (let i = 0; i < count; i++)
  setTimeout(() => {}, ms); };
export const again = (timer) =>
  timer.refresh();
`;
const TIMEOUT = 6;
const INTERVAL = 8;
const IMMEDIATE = 10;
const OF_MODULE = 12;
const SLEPT = 14;
const WAITED = 16;
const PROMISED = 18;
const TICKING = 20;
const SOONER = 22;
const MANY = 24;
const AGAIN = 26;

for (const { name, options, calls } of KINDS) {
  const tracing = async (work: (program: TestModule) => Promise<void>): Promise<void> => {
    start(options);
    try {
      await work(await instrumented(PROGRAM, { options: { calls } }));
    } finally {
      stop();
    }
  };

  test(`${name}: a timer that has run is counted again where refresh() starts it anew`, () =>
    tracing(async (program) => {
      let runs = 0;
      const timer: NodeJS.Timeout = program.timeout(() => runs++, 1);
      await until(() => runs === 1 && Object.keys(counted("timers")).length === 0);
      assertStrictEquals(program.again(timer), timer);
      assertEquals(counted("timers"), { [AGAIN]: 1 });
      await until(() => runs === 2 && Object.keys(counted("timers")).length === 0);
      program.again(timer);
      // Twice: it is one timer still, on whatever line.
      program.again(timer);
      await until(() => runs === 3);
      program.again(timer);
      assertEquals(Object.values(counted("timers")), [1]);
      clearTimeout(timer);
      program.again(timer);
      assertEquals(counted("timers"), {});
      const waiting = program.timeout(() => {}, 60_000);
      program.again(waiting);
      assertEquals(counted("timers"), { [TIMEOUT]: 1 });
      clearTimeout(waiting);
    }));

  test(`${name}: timers are counted until they have run`, () =>
    tracing(async (program) => {
      let runs = 0;
      const run = (): void => void runs++;
      program.timeout(run, 1);
      program.immediate(run);
      program.ofModule(1e6).unref();
      const interval = program.interval(run, 1);
      assertEquals(counted("timers"), { [TIMEOUT]: 1, [INTERVAL]: 1, [IMMEDIATE]: 1, [OF_MODULE]: 1 });
      await until(() => runs > 4);
      assertEquals(counted("timers"), { [INTERVAL]: 1, [OF_MODULE]: 1 });
      clearInterval(interval);
      assertEquals(counted("timers"), { [OF_MODULE]: 1 });
    }));

  test(`${name}: timers are counted until they are cleared, in whatever way`, () =>
    tracing(async (program) => {
      const run = (): void => assert(false, "it was cleared");
      const all = [1, 2, 3, 4, 5].map(() => program.timeout(run, 1e6, "an argument"));
      assertEquals(counted("timers"), { [TIMEOUT]: 5 });
      clearTimeout(all[0]);
      clearTimeout(Number(all[1]));
      all[2].close();
      all[3][Symbol.dispose]();
      assertEquals(counted("timers"), { [TIMEOUT]: 1 });
      all[4].refresh();
      assertEquals(counted("timers"), { [TIMEOUT]: 1 });
      clearInterval(all[4]);
      const immediate = program.immediate(run);
      clearImmediate(immediate);
      assertEquals(counted("timers"), {});
    }));

  test(`${name}: timers/promises are counted until they are settled`, () =>
    tracing(async (program) => {
      const leave = new AbortController();
      const { signal } = leave;
      const short = program.slept(1, "slept");
      const promised = program.promised(1, "promised");
      const long = program.slept(1e6, "never", { signal });
      const waited = program.waited(1e6, { signal });
      const soon = program.sooner();
      assertEquals(counted("timers"), { [SLEPT]: 2, [WAITED]: 1, [PROMISED]: 1, [SOONER]: 1 });
      assertEquals(await Promise.all([short, promised, soon]), ["slept", "promised", "now"]);
      assertEquals(counted("timers"), { [SLEPT]: 1, [WAITED]: 1 });
      leave.abort();
      const error = await assertRejects(() => long);
      assertEquals((error as Error).name, "AbortError");
      await assertRejects(() => waited);
      assertEquals(counted("timers"), {});
    }));

  test(`${name}: the generator of timers/promises is counted until it is collected`, () =>
    tracing(async (program) => {
      await (async () => {
        for await (const _ of program.ticking(1)) {
          assertEquals(counted("timers"), { [TICKING]: 1 });
          break;
        }
      })();
      await collect();
      await collect();
      // JavaScriptCore may take a stale slot of the stack for a reference.
      assert((counted("timers")[TICKING] ?? 0) <= ("Bun" in globalThis ? 1 : 0));
    }));

  // In all modes they are counted alike.
  if (name !== "exact") continue;
  test(`${name}: 100,000 timers`, () =>
    tracing(async (program) => {
      program.many(100_000, 0);
      assertEquals(counted("timers"), { [MANY]: 100_000 });
      const { traces } = takeSnapshot();
      const of = [...traces].find(({ domain }) => domain === 3)!;
      assertEquals(of.type, "timeout");
      assert(of.size >= 64 && of.size <= 256, `${of.size} B`);
      assert(getTracedMemory().current >= 100_000 * of.size);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await until(() => counted("timers")[MANY] === undefined);
      assert(getTracedMemory().current < 100_000 * of.size);
    }));

  test(`${name}: what ran is found out while more are asked for, too`, () =>
    tracing(async (program) => {
      for (let round = 0; round < 40; round++) {
        program.many(250, 0);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      // 10,000 were asked for. Not all of them have been taken for alive at once.
      assert(getTracedMemory().peak < 5000 * 176);
    }));
}

test("clearTraces forgets timers, and stop() gives back the functions of the host", async () => {
  const own = setTimeout;
  start(5);
  const program = await instrumented(PROGRAM);
  const timer = program.timeout(() => {}, 1e6);
  clearTraces();
  assertEquals(counted("timers"), {});
  const another = program.timeout(() => {}, 1e6);
  assertEquals(counted("timers"), { [TIMEOUT]: 1 });
  clearTimeout(timer);
  assertEquals(counted("timers"), { [TIMEOUT]: 1 });
  stop();
  clearTimeout(another);
  assertStrictEquals(setTimeout, own);
  start({ resources: false });
  assertStrictEquals(setTimeout, own);
  clearTimeout(program.timeout(() => {}, 1e6));
  assertEquals(counted("timers"), {});
  stop();
});
