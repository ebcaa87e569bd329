// Async calls and generators that are suspended are on the line where they wait, until they go on, end, or are collected.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import {
  clearTraces,
  collect,
  DomainFilter,
  getTracedMemory,
  start,
  stop,
  takeSnapshot,
} from "../../../mod.ts";
import { instrumented, type TestModule } from "../../instrumented.ts";
import { tracingProgram } from "../../tracing_program.ts";
import { counted } from "./counted.ts";

const PROGRAM = `export async function wait(first, second) {
  await first;
  const value = { x: 1 };
  await second;
  return value;
}
export async function caller(promise) {
  return [await wait(promise, promise)];
}
export function* count(n) {
  for (let i = 0; i < n; i++)
    yield i;
  yield* inner();
}
function* inner() {
  yield "inner";
}
export async function* stream(promise) {
  yield 1;
  await promise;
  yield;
}
export async function failing(promise) {
  try {
    await promise;
  } catch {
    await promise.later;
  }
}
export async function over(iterable) {
  for await (const x of iterable) {
    if (x === "stop") break;
  }
}
export const many = (n, promise) => { const all = []; for (let i = 0; i < n; i++) all.push(wait(promise, promise)); return all; };
export const generators = (n) => { const all = []; for (let i = 0; i < n; i++) { all.push(count(5)); all[i].next(); } return all; };
`;
const [FIRST, SECOND, CALLER, COUNT, DELEGATED, INNER] = [2, 4, 8, 12, 13, 16];
const [STREAM_YIELD, STREAM_AWAIT, TRY, CATCH, FOR_AWAIT] = [19, 20, 25, 27, 31];

function deferred(): {
  promise: Promise<unknown> & { later?: unknown };
  resolve: (value?: unknown) => void;
  reject: (error: unknown) => void;
} {
  return Promise.withResolvers();
}

/** Lets all promises go on that can. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const tracing = (work: (program: TestModule) => Promise<void>): Promise<void> =>
  tracingProgram(PROGRAM, work);

test("an async call is on the line of the await that it waits at, until it has ended", () =>
  tracing(async (program) => {
    const [one, two] = [deferred(), deferred()];
    const waiting = program.wait(one.promise, two.promise);
    assertEquals(counted("calls"), { [FIRST]: 1 });
    one.resolve();
    await turn();
    assertEquals(counted("calls"), { [SECOND]: 1 });
    assertEquals(counted("calls"), { [SECOND]: 1 });
    two.resolve();
    await waiting;
    assertEquals(counted("calls"), {});
  }));

test("callers that wait are counted, too, and the traceback says who called", () =>
  tracing(async (program) => {
    const { promise, resolve } = deferred();
    const waiting = program.caller(promise);
    assertEquals(counted("calls"), { [FIRST]: 1, [CALLER]: 1 });
    const traces = [...takeSnapshot().filterTraces([new DomainFilter(true, "calls")]).traces];
    const deep = traces.find(({ traceback }) => traceback.at(-1)!.lineno === FIRST)!;
    assertEquals([deep.type, deep.traceback.at(-1)!.functionName], ["async call", "wait"]);
    assertEquals([deep.traceback.at(-2)!.lineno, deep.traceback.at(-2)!.functionName], [CALLER, "caller"]);
    assert(deep.size > 100 && deep.size < 500);
    resolve();
    await waiting;
    assertEquals(counted("calls"), {});
  }));

test("a rejected await: the call waits on, or has ended", () =>
  tracing(async (program) => {
    const [one, later] = [deferred(), deferred()];
    one.promise.later = later.promise;
    const waiting = program.failing(one.promise);
    assertEquals(counted("calls"), { [TRY]: 1 });
    one.reject(new Error("no"));
    await turn();
    assertEquals(counted("calls"), { [CATCH]: 1 });
    later.reject(new Error("no more"));
    await waiting.catch(() => {});
    assertEquals(counted("calls"), {});
  }));

test("generators are counted from their first yield to their end, whoever ends them", () =>
  tracing(async (program) => {
    const iterator = program.count(1);
    assertEquals(counted("calls"), {});
    iterator.next();
    assertEquals(counted("calls"), { [COUNT]: 1 });
    iterator.next();
    assertEquals(counted("calls"), { [DELEGATED]: 1, [INNER]: 1 });
    iterator.next();
    assertEquals(counted("calls"), {});
    const left = program.count(5);
    left.next();
    left.next();
    assertEquals(counted("calls"), { [COUNT]: 1 });
    left.return();
    assertEquals(counted("calls"), {});
    for (const value of program.count(9)) if (value === 3) break;
    assertEquals(counted("calls"), {});
  }));

test("async generators and for await", () =>
  tracing(async (program) => {
    const { promise, resolve } = deferred();
    const stream = program.stream(promise);
    assertEquals((await stream.next()).value, 1);
    assertEquals(counted("calls"), { [STREAM_YIELD]: 1 });
    const next = stream.next();
    assertEquals(counted("calls"), { [STREAM_AWAIT]: 1 });
    resolve();
    await next;
    await stream.return();
    assertEquals(counted("calls"), {});
    const [first, second] = [deferred(), deferred()];
    const source = (async function* () {
      yield await first.promise;
      yield await second.promise;
    })();
    const over = program.over(source);
    await turn();
    assertEquals(counted("calls"), { [FOR_AWAIT]: 1 });
    first.resolve("go on");
    await turn();
    assertEquals(counted("calls"), { [FOR_AWAIT]: 1 });
    second.resolve("stop");
    await over;
    assertEquals(counted("calls"), {});
  }));

test("what nobody can wake is counted until it is collected", () =>
  tracing(async (program) => {
    await (async () => {
      const kept = program.many(40, new Promise(() => {}));
      const generators = program.generators(40);
      await collect();
      assertEquals(counted("calls"), { [FIRST]: 40, [COUNT]: 40 });
      assertEquals([kept.length, generators.length], [40, 40]);
    })();
    await turn();
    // Other arrays in the place of those.
    assertEquals([program.many(0).length, program.generators(0).length], [0, 0]);
    await collect();
    await collect();
    const left = counted("calls");
    // JavaScriptCore looks through the machine's stack, and takes stale slots for references.
    const most = "Bun" in globalThis ? 8 : 1;
    assert((left[FIRST] ?? 0) <= most && (left[COUNT] ?? 0) <= most, JSON.stringify(left));
  }));

test("100,000 of each", () =>
  tracing(async (program) => {
    const { promise, resolve } = deferred();
    const calls = program.many(100_000, promise);
    const generators = program.generators(100_000);
    assertEquals(counted("calls"), { [FIRST]: 100_000, [COUNT]: 100_000 });
    const { current } = getTracedMemory();
    clearTraces();
    assertEquals(counted("calls"), {});
    assert(current > 100_000 * 300);
    resolve();
    await Promise.all(calls);
    for (const generator of generators) generator.return();
    assertEquals(counted("calls"), {});
    assert(getTracedMemory().current < current);
  }));

test("calls that go on at once cost nothing but that, and after stop() nothing is noted", async () => {
  await tracing(async (program) => {
    for (let i = 0; i < 5000; i++) await program.wait(i, i);
    assertEquals(counted("calls"), {});
    // None of them was ever seen to wait.
    const all = takeSnapshot()
      .filterTraces([new DomainFilter(true, "calls")])
      .statistics("lineno");
    assert(all.reduce((sum, { allocatedCount }) => sum + allocatedCount, 0) < 10);
  });
  start({ nframe: 5, resources: false });
  const program = await instrumented(PROGRAM);
  program.many(2000, new Promise(() => {}));
  assertEquals(counted("calls"), {});
  stop();
});
